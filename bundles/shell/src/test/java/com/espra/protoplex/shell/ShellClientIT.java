package com.espra.protoplex.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.espra.protoplex.cli.ssh.OperatorKey;
import com.espra.protoplex.cli.ssh.ShellClient;
import com.espra.protoplex.cli.ssh.ShellException;
import com.espra.protoplex.cli.ssh.Target;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The clients that operators have: {@code ./protoplex shell}'s, and OpenSSH's. */
public class ShellClientIT {

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static Path fleet;
    private static TestNode node;
    private static URI address;

    @BeforeClass
    public static void open() throws Exception {
        fleet = FOLDER.getRoot().toPath();
        OperatorKey key = OperatorKey.in(fleet.resolve("keys"));
        node = new TestNode(
                        fleet.resolve("nodes").resolve("node-1"),
                        Map.of("authorizedKeys", "\"" + key.publicKey() + "\""))
                .serve();
        address = node.address();
    }

    @AfterClass
    public static void close() throws Exception {
        node.close();
    }

    @Test
    public void runsACommandAndReturnsItsStatus() throws Exception {
        assertEquals(new Ran(0, "hello there\n", ""), run(target(), "echo", "hello", "there"));
        assertEquals(
                new Ran(1, "", "nosuch: there is no such command; 'help' lists them all\n"), run(target(), "nosuch"));
    }

    @Test
    public void theOperatorsKeyIsMadeOnceAndIsPrivate() throws Exception {
        OperatorKey key = OperatorKey.in(fleet.resolve("keys"));
        assertEquals(key, OperatorKey.in(fleet.resolve("keys")));
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(key.privateKey()));
        assertTrue(key.authorizedKey(), key.authorizedKey().startsWith("ssh-ed25519 "));
    }

    @Test
    public void recordsTheHostKeyOfANodeThatIsElsewhereAndHoldsItToIt() throws Exception {
        Path known = FOLDER.newFolder().toPath().resolve("known_host");
        Target here = target();
        Target elsewhere = new Target(
                "node-1", here.host(), here.port(), here.privateKey(), known.resolveSibling("none.pub"), known);
        assertEquals(0, run(elsewhere, "echo").status());
        assertTrue(Files.readString(known).startsWith("ssh-ed25519 "));
        assertEquals(0, run(elsewhere, "echo").status());
        OperatorKey other = OperatorKey.in(FOLDER.newFolder().toPath());
        Files.writeString(known, other.authorizedKey());
        ShellException changed = assertThrows(ShellException.class, () -> run(elsewhere, "echo"));
        assertTrue(changed.getMessage(), changed.getMessage().contains(known.toString()));
        assertFalse(changed.isUnreachable());
    }

    @Test
    public void saysWhyItCannotGetIn() throws Exception {
        Target here = target();
        OperatorKey stranger = OperatorKey.in(FOLDER.newFolder().toPath());
        Target unknown = new Target(
                "node-1", here.host(), here.port(), stranger.privateKey(), here.ownHostKey(), here.knownHost());
        ShellException refused = assertThrows(ShellException.class, () -> run(unknown, "echo"));
        assertTrue(refused.getMessage(), refused.getMessage().contains("shell.authorizedKeys"));
        assertFalse(refused.isUnreachable());
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Target nobody = Target.of(fleet, "node-1", URI.create("ssh://127.0.0.1:" + free));
        ShellException unreachable = assertThrows(ShellException.class, () -> run(nobody, "echo"));
        assertTrue(unreachable.getMessage(), unreachable.getMessage().contains("nothing listens there"));
        assertTrue(unreachable.isUnreachable());
        Target keyless = new Target(
                "node-1", here.host(), here.port(), fleet.resolve("none"), here.ownHostKey(), here.knownHost());
        assertTrue(assertThrows(ShellException.class, () -> run(keyless, "echo"))
                .getMessage()
                .contains("none"));
    }

    @Test
    public void openSshWorksToo() throws Exception {
        assertEquals(new Ran(0, "hello\n", ""), ssh("", "-T", "echo hello"));
        Ran failed = ssh("", "-T", "nosuch");
        assertEquals(1, failed.status());
        assertEquals("nosuch: there is no such command; 'help' lists them all\n", failed.err());
        assertEquals(new Ran(0, "one\ntwo\n", ""), ssh("echo one\necho two\n", "-T"));
        Ran terminal = ssh("echo th''ree\rexit\r", "-tt");
        assertTrue(terminal.out(), terminal.out().contains("three\r\n"));
        assertTrue(terminal.out(), terminal.out().contains("Protoplex node node-1"));
        assertEquals(0, terminal.status());
    }

    @Test
    public void openSshCanReadTheOperatorsKey() throws Exception {
        assumeTrue("ssh-keygen is not installed", onPath("ssh-keygen"));
        OperatorKey key = OperatorKey.in(fleet.resolve("keys"));
        Ran derived =
                start("", List.of("ssh-keygen", "-y", "-f", key.privateKey().toString()));
        assertEquals(derived.err(), 0, derived.status());
        assertEquals(key.authorizedKey(), derived.out().strip());
    }

    private static Target target() {
        return Target.of(fleet, "node-1", address);
    }

    private static Ran run(Target target, String... command) throws ShellException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new ShellClient(out, err).run(target, List.of(command));
        return new Ran(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Ran ssh(String input, String... arguments) throws Exception {
        assumeTrue("ssh is not installed", onPath("ssh"));
        List<String> command = new ArrayList<>(List.of(
                "ssh",
                "-F",
                "none",
                "-p",
                String.valueOf(address.getPort()),
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "IdentitiesOnly=yes",
                "-i",
                fleet.resolve("keys/operator").toString(),
                arguments[0],
                address.getHost()));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        return start(input, command);
    }

    private static Ran start(String input, List<String> command) throws Exception {
        Path out = FOLDER.newFile().toPath();
        Path err = FOLDER.newFile().toPath();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(TestClient.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end; it printed: " + Files.readString(out));
        }
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static boolean onPath(String program) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private record Ran(int status, String out, String err) {}
}
