package com.espra.protoplex.files;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.Test;

public class ProcessRefTest {

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private static long startMillis() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .orElseThrow();
    }

    @Test
    public void aClockThatIsSetChangesNothing() throws IOException {
        assumeTrue(Files.exists(BOOT));
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String ticks = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        assertEquals(
                Files.readString(BOOT).strip() + "/" + ticks,
                ProcessRef.current().start());
        assertTrue(ProcessRef.current().alive());
    }

    @Test
    public void aLaterProcessOfThatNumberIsAnother() throws IOException {
        assumeTrue(Files.exists(BOOT));
        ProcessRef here = ProcessRef.current();
        assertFalse(new ProcessRef(here.pid(), here.start() + "1").alive());
        assertFalse("before a reboot", new ProcessRef(here.pid(), "x" + here.start()).alive());
    }

    /** What an earlier version wrote, and what a system without /proc says. */
    @Test
    public void aTimeIsTheTimeOfTheStart() {
        long pid = ProcessHandle.current().pid();
        assertTrue(new ProcessRef(pid, Long.toString(startMillis() + 1_000)).alive());
        assertFalse(new ProcessRef(pid, Long.toString(startMillis() + 10_000)).alive());
        assertTrue("nothing is known of it", new ProcessRef(pid, "").alive());
    }

    @Test
    public void theNameOfAProgramMayBeAnything() throws Exception {
        assumeTrue(Files.exists(BOOT));
        Path program = Files.createTempDirectory("process").resolve("a) R 1 (b");
        Files.copy(Path.of("/bin/sleep"), program);
        Process process = new ProcessBuilder(program.toString(), "60").start();
        try {
            ProcessRef ref = ProcessRef.of(process.toHandle());
            assertTrue(ref.start(), ref.alive());
            ref.kill();
            assertTrue(ref.awaitEnd(Duration.ofSeconds(10)));
        } finally {
            process.destroyForcibly();
            Files.delete(program);
            Files.delete(program.getParent());
        }
    }

    /** Its first thread ends first; the ports go with the last one, when a large heap has been given back. */
    @Test
    public void whatHasEndedHasNoPortsAnyMore() throws Exception {
        assumeTrue(Files.exists(BOOT));
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xms400m",
                        "-XX:+AlwaysPreTouch",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PortHolder.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = process.inputReader()) {
            int port = Integer.parseInt(said.readLine());
            ProcessRef ref = ProcessRef.of(process.toHandle());
            ref.kill();
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (ref.alive() && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            assertFalse(ref.alive());
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Says which port it has, and keeps it. */
    static final class PortHolder {

        private PortHolder() {}

        public static void main(String[] arguments) throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                System.out.println(socket.getLocalPort());
                socket.accept();
            }
        }
    }
}
