package com.espra.protoplex.host.process.spawn;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.process.posix.PosixException;
import com.espra.protoplex.host.process.posix.Signal;
import com.espra.protoplex.host.process.spawn.ExitStatus.Exited;
import com.espra.protoplex.host.process.spawn.ExitStatus.Signalled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SpawnTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void argumentsEnvironmentFolderAndOutputAreTheChildsOwn() throws Exception {
        Path output = output();

        ExitStatus status = end(new Spawn(
                List.of(
                        "/bin/sh",
                        "-c",
                        "echo \"$1 $GREETING ${HOME:-none}\"; pwd; echo wrong >&2; exit 7",
                        "sh",
                        "a b"),
                Map.of("GREETING", "hällo"),
                folder.getRoot().toPath().toRealPath(),
                output,
                List.of()));

        assertEquals(new Exited(7), status);
        assertEquals("exit status 7", status.text());
        assertEquals(
                List.of("a b hällo none", folder.getRoot().toPath().toRealPath().toString(), "wrong"),
                Files.readAllLines(output));
    }

    @Test
    public void aSignalIsKnownByItsName() throws Exception {
        ChildProcess sleeper = shell("exec sleep 600", output()).start();

        assertTrue(sleeper.signal(Signal.SIGKILL));
        ExitStatus status = sleeper.exit().get(20, TimeUnit.SECONDS);

        assertEquals(new Signalled(9, false), status);
        assertEquals("signal 9 (SIGKILL)", status.text());
        assertFalse("a process that has ended gets no signal", sleeper.signal(Signal.SIGTERM));
        assertTrue("it is reaped", ProcessHandle.of(sleeper.pid()).isEmpty());
    }

    @Test
    public void nothingElseOfThisProcessIsInherited() throws Exception {
        Path output = output();
        try (ServerSocket leak = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertTrue(leak.isBound());

            end(shell("ls /proc/self/fd | sort -n", output));

            // The last is the folder that ls reads.
            assertEquals(List.of("0", "1", "2", "3"), Files.readAllLines(output));
        }
    }

    @Test
    public void itIsTheHeadOfAProcessGroupOfItsOwnAndBlocksNoSignal() throws Exception {
        Path output = output();

        ChildProcess child = shell("cut -d' ' -f5 /proc/self/stat; grep SigBlk /proc/self/status", output)
                .start();
        child.exit().get(20, TimeUnit.SECONDS);

        assertEquals(List.of(Long.toString(child.pid()), "SigBlk:\t0000000000000000"), Files.readAllLines(output));
    }

    @Test
    public void descriptorsArriveInOrderWhateverTheirNumbersAre() throws Exception {
        Path first = Files.writeString(folder.newFile().toPath(), "first");
        Path second = Files.writeString(folder.newFile().toPath(), "second");
        Path output = output();
        // The shell opens the files as 4 and 3 and hands them on by a program that is this very test.
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String command = java + " --enable-native-access=ALL-UNNAMED -cp \"$CP\" $MAIN 4<" + first + " 3<" + second;

        end(new Spawn(
                List.of("/bin/sh", "-c", command),
                Map.of(
                        "CP",
                        System.getProperty("java.class.path"),
                        "MAIN",
                        SwapDescriptors.class.getName(),
                        "PATH",
                        "/usr/bin:/bin"),
                folder.getRoot().toPath(),
                output,
                List.of()));

        assertEquals(List.of("firstsecond"), Files.readAllLines(output));
    }

    /** Has descriptors 4 and 3, and starts a process that is to have them as 3 and 4. */
    public static final class SwapDescriptors {
        private SwapDescriptors() {}

        public static void main(String[] arguments) throws Exception {
            ChildProcess cat = new Spawn(
                            List.of("/bin/sh", "-c", "cat <&3; cat <&4"),
                            Map.of("PATH", "/usr/bin:/bin"),
                            Path.of("/"),
                            Path.of("/proc/self/fd/1").toRealPath(),
                            List.of(4, 3))
                    .start();
            cat.exit().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    public void whatCannotBeStartedIsRefusedWithItsReason() throws IOException {
        Spawn missing = new Spawn(List.of("/no/such/program"), Map.of(), Path.of("/"), output(), List.of());

        PosixException refused = assertThrows(PosixException.class, missing::start);

        assertEquals("posix_spawn: no such file or folder (errno 2)", refused.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> new Spawn(List.of("ls"), Map.of(), Path.of("/"), Path.of("/dev/null"), List.of()));
    }

    @Test
    public void twoHundredProcessesLeaveNoDescriptorBehind() throws Exception {
        Path output = output();
        end(shell("exit 0", output));
        int before = openDescriptors();

        for (int i = 0; i < 200; i++) {
            assertEquals(new Exited(i), end(shell("exit " + i, output)));
        }

        assertEquals(before, openDescriptors(), 3);
    }

    private static int openDescriptors() {
        return Arrays.asList(Path.of("/proc/self/fd").toFile().list()).size();
    }

    private Path output() throws IOException {
        return folder.newFolder().toPath().resolve("output");
    }

    private static Spawn shell(String command, Path output) {
        return new Spawn(
                List.of("/bin/sh", "-c", command), Map.of("PATH", "/usr/bin:/bin"), Path.of("/"), output, List.of());
    }

    private static ExitStatus end(Spawn spawn) throws Exception {
        return spawn.start().exit().get(20, TimeUnit.SECONDS);
    }
}
