package com.espra.protoplex.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.local.OperatorKey;
import com.espra.protoplex.cli.shell.ShellClient;
import com.espra.protoplex.cli.shell.ShellTarget;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
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
        Path known = FOLDER.newFolder("else where").toPath().resolve("known_hosts");
        ShellTarget here = target();
        ShellTarget elsewhere = new ShellTarget(
                "node-1", here.host(), here.port(), here.privateKey(), known.resolveSibling("none.pub"), known);
        assertEquals(0, run(elsewhere, "echo").status());
        assertTrue(Files.readString(known).startsWith("protoplex ssh-ed25519 "));
        assertEquals(0, run(elsewhere, "echo").status());
        OperatorKey other = OperatorKey.in(FOLDER.newFolder().toPath());
        Files.writeString(known, "protoplex " + other.authorizedKey());
        CliException changed = assertThrows(CliException.class, () -> run(elsewhere, "echo"));
        assertTrue(changed.getMessage(), changed.getMessage().contains(known.toString()));
        assertEquals(CliException.REFUSED, changed.status());
    }

    @Test
    public void believesWhatTheNodeWroteDownAndNothingElse() throws Exception {
        ShellTarget here = target();
        Path folder = FOLDER.newFolder().toPath();
        Path own = folder.resolve("host.pub");
        Files.writeString(own, OperatorKey.in(FOLDER.newFolder().toPath()).authorizedKey());
        ShellTarget impostor = new ShellTarget(
                "node-1", here.host(), here.port(), here.privateKey(), own, folder.resolve("known_hosts"));
        CliException refused = assertThrows(CliException.class, () -> run(impostor, "echo"));
        assertTrue(refused.getMessage(), refused.getMessage().contains(own.toString()));
    }

    @Test
    public void saysWhyItCannotGetIn() throws Exception {
        assumeTrue("ssh is not installed", onPath("ssh"));
        ShellTarget here = target();
        OperatorKey stranger = OperatorKey.in(FOLDER.newFolder().toPath());
        ShellTarget unknown = new ShellTarget(
                "node-1", here.host(), here.port(), stranger.privateKey(), here.ownHostKey(), here.knownHosts());
        CliException refused = assertThrows(CliException.class, () -> run(unknown, "echo"));
        assertTrue(refused.next(), refused.next().contains("shell.authorizedKeys"));
        assertEquals(CliException.REFUSED, refused.status());
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        ShellTarget nobody = ShellTarget.of(fleet, "node-1", URI.create("ssh://127.0.0.1:" + free));
        CliException unreachable = assertThrows(CliException.class, () -> run(nobody, "echo"));
        assertTrue(unreachable.getMessage(), unreachable.getMessage().contains("refused"));
        assertEquals(CliException.UNREACHABLE, unreachable.status());
        ShellTarget keyless = new ShellTarget(
                "node-1", here.host(), here.port(), fleet.resolve("none"), here.ownHostKey(), here.knownHosts());
        assertTrue(assertThrows(CliException.class, () -> run(keyless, "echo"))
                .getMessage()
                .contains("none"));
    }

    @Test
    public void saysWhatToInstallWhereThereIsNoSsh() throws Exception {
        String empty = FOLDER.newFolder().toString();
        ShellClient client = new ShellClient(empty, Redirect.DISCARD, Redirect.DISCARD);
        CliException missing = assertThrows(CliException.class, () -> client.run(target(), List.of("echo")));
        assertTrue(missing.next(), missing.next().contains("openssh-client"));
        assertEquals(CliException.USAGE, missing.status());
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

    private static ShellTarget target() {
        return ShellTarget.of(fleet, "node-1", address);
    }

    private static Ran run(ShellTarget target, String... command) throws Exception {
        assumeTrue("ssh is not installed", onPath("ssh"));
        Path out = FOLDER.newFile().toPath();
        Path err = FOLDER.newFile().toPath();
        int status = new ShellClient(System.getenv("PATH"), Redirect.to(out.toFile()), Redirect.to(err.toFile()))
                .run(target, List.of(command));
        return new Ran(status, Files.readString(out), Files.readString(err));
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
