package com.espra.protoplex.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Descriptor;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** The shell in a framework, over real sockets. */
public class ShellIT {

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static TestNode node;
    private static URI address;
    private static KeyPair key;
    private static Path authorized;

    @BeforeClass
    public static void open() throws Exception {
        key = TestKeys.ed25519();
        authorized = FOLDER.getRoot().toPath().resolve("authorized_keys");
        Files.writeString(authorized, TestKeys.line(key));
        node = new TestNode(FOLDER.newFolder("node").toPath(), Map.of("authorizedKeys", "\"" + authorized + "\""))
                .serve();
        address = node.address();
    }

    @AfterClass
    public static void close() throws Exception {
        node.close();
    }

    @Test
    public void opensOnLoopbackWithAPrivateHostKey() throws IOException {
        assertEquals("127.0.0.1", address.getHost());
        assertEquals("ssh", address.getScheme());
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(node.data().resolve("host_ed25519")));
        assertTrue(Files.readString(node.data().resolve("host_ed25519.pub")).startsWith("ssh-ed25519 "));
    }

    @Test
    public void runsACommandWithItsStatus() throws IOException {
        try (TestClient client = TestClient.login(address, key)) {
            assertEquals(new TestClient.Result(0, "hello\n", ""), client.exec("echo hello"));
            TestClient.Result bundles = client.exec("lb | grep 'SSH shell'");
            assertEquals(bundles.err(), 0, bundles.status());
            assertTrue(bundles.out(), bundles.out().contains("Protoplex :: SSH shell"));
        }
    }

    @Test
    public void tellsFailuresOnStandardErrorWithStatusOne() throws IOException {
        try (TestClient client = TestClient.login(address, key)) {
            TestClient.Result unknown = client.exec("nosuch");
            assertEquals("nosuch: there is no such command; 'help' lists them all\n", unknown.err());
            assertEquals(1, unknown.status());
            assertEquals("", unknown.out());
            TestClient.Result wrong = client.exec("bundlelevel a b c d e f");
            assertEquals(1, wrong.status());
            assertFalse(wrong.err(), wrong.err().contains("\tat "));
            TestClient.Result missing = client.exec("cat /nonexistent/file");
            assertEquals(missing.err(), 1, missing.status());
            assertEquals(1, client.exec("throw 'no good'").status());
        }
    }

    @Test
    public void anIntegerIsAStatus() throws IOException {
        try (TestClient client = TestClient.login(address, key)) {
            assertEquals(1, client.exec("'abc' length").status());
            assertEquals(0, client.exec("'' length").status());
        }
    }

    @Test
    public void acceptsEveryKindOfKeyThatIsListed() throws Exception {
        KeyPair[] keys = {
            TestKeys.rsa(3072),
            TestKeys.ecdsa("secp256r1"),
            TestKeys.ecdsa("secp384r1"),
            TestKeys.ecdsa("secp521r1"),
            TestKeys.ed25519()
        };
        for (KeyPair other : keys) {
            String name = other.getPublic().getAlgorithm();
            assertThrows(name + " logged in without being listed", IOException.class, () -> login(other));
        }
        StringBuilder lines = new StringBuilder("# operators\n\n" + TestKeys.line(key));
        for (KeyPair other : keys) {
            lines.append(TestKeys.line(other));
        }
        Files.writeString(authorized, lines);
        for (KeyPair other : keys) {
            login(other);
        }
        Files.writeString(authorized, TestKeys.line(key));
        assertThrows("a key logged in that was taken off the list", IOException.class, () -> login(keys[0]));
    }

    @Test
    public void refusesPasswordsShortKeysAndKeysWithOptions() throws Exception {
        KeyPair small = TestKeys.rsa(1024);
        KeyPair restricted = TestKeys.ed25519();
        Files.writeString(
                authorized,
                TestKeys.line(key) + TestKeys.line(small) + "command=\"lb\" " + TestKeys.line(restricted)
                        + "rubbish\n");
        assertThrows(IOException.class, () -> login(small));
        assertThrows(IOException.class, () -> login(restricted));
        login(key);
        try (TestClient client = TestClient.connect(address)) {
            client.session().addPasswordIdentity("secret");
            assertThrows(IOException.class, () -> client.session().auth().verify(TestClient.DEADLINE));
        }
    }

    @Test
    public void offersNothingButSessions() throws IOException {
        try (TestClient client = TestClient.login(address, key)) {
            assertThrows(
                    IOException.class,
                    () -> client.session()
                            .createRemotePortForwardingTracker(
                                    new SshdSocketAddress("127.0.0.1", 0), new SshdSocketAddress("127.0.0.1", 9)));
            try (var sftp = client.session().createSubsystemChannel("sftp")) {
                sftp.open().verify(TestClient.DEADLINE);
                assertEquals("the subsystem was not refused", -1, TestClient.closed(sftp));
            }
            assertThrows(
                    IOException.class,
                    () -> client.session()
                            .createDirectTcpipChannel(
                                    new SshdSocketAddress("127.0.0.1", 1),
                                    new SshdSocketAddress("127.0.0.1", address.getPort()))
                            .open()
                            .verify(TestClient.DEADLINE));
        }
    }

    @Test
    public void talks() throws Exception {
        try (TestClient client = TestClient.login(address, key);
                TestClient.Terminal terminal = client.terminal(100)) {
            terminal.see("Protoplex node node-1").see("node-1").see("> ");
            terminal.type("echo one two\r").see("one two\r\n").see("> ");
            terminal.type("nosuch\r").see("there is no such command").see("> ");
            terminal.type("echo $COLUMNS\r").see("\n100\r\n").see("> ");
            terminal.resize(77);
            terminal.type("echo $COLUMNS\r").see("\n77\r\n").see("> ");
            terminal.type("help bundlelevel\r").see("felix:bundlelevel").see("> ");
            terminal.type("exit\r");
            assertEquals(0, terminal.end());
        }
    }

    @Test
    public void completesCommandsAndArguments() throws Exception {
        try (TestClient client = TestClient.login(address, key);
                TestClient.Terminal terminal = client.terminal(100)) {
            terminal.see("> ");
            terminal.type("bundlele\t").see("bundlelevel").type("\u0003").see("> ");
            terminal.type("help bundlele\t")
                    .see("help bundlelevel")
                    .type("\u0003")
                    .see("> ");
        }
    }

    /** Commands as an app's bundle may have them. */
    public static final class Commands {

        @Descriptor("what people type")
        public String shown() {
            return "shown";
        }

        public String __hidden() {
            return "hidden";
        }
    }

    @Test
    public void commandsForCompletionAreNotForPeople() throws Exception {
        ServiceRegistration<?> commands = node.context()
                .registerService(
                        Object.class,
                        new Commands(),
                        FrameworkUtil.asDictionary(Map.of(
                                CommandProcessor.COMMAND_SCOPE,
                                "test",
                                CommandProcessor.COMMAND_FUNCTION,
                                new String[] {"shown", "__hidden"})));
        try (TestClient client = TestClient.login(address, key);
                TestClient.Terminal terminal = client.terminal(100)) {
            String help = client.exec("help").out();
            assertTrue(help, help.contains("test:shown"));
            assertFalse(help, help.contains("__"));
            terminal.see("> ").type("test:\t").see("test:shown").type("\r").see("shown\r\n");
            assertEquals("hidden\n", client.exec("test:__hidden").out());
        } finally {
            commands.unregister();
        }
    }

    @Test
    public void controlCEndsTheCommandAndControlDTheSession() throws Exception {
        try (TestClient client = TestClient.login(address, key);
                TestClient.Terminal terminal = client.terminal(100)) {
            terminal.see("> ");
            terminal.type("echo begun; sleep 600\r")
                    .see("begun\r\n")
                    .type("\u0003")
                    .see("> ");
            terminal.type("half a li").see("half a li").type("\u0003").see("> ");
            terminal.type("echo alive\r").see("alive\r\n").see("> ");
            terminal.type("\u0004");
            assertEquals(0, terminal.end());
        }
    }

    @Test
    public void remembersLinesByKey() throws Exception {
        KeyPair other = TestKeys.ed25519();
        Files.writeString(authorized, TestKeys.line(key) + TestKeys.line(other));
        try (TestClient client = TestClient.login(address, key);
                TestClient.Terminal terminal = client.terminal(100)) {
            terminal.see("> ")
                    .type("echo remember-me\r")
                    .see("\nremember-me\r\n")
                    .see("> ")
                    .type("\u0004");
            terminal.end();
        }
        try (TestClient client = TestClient.login(address, key);
                TestClient.Terminal terminal = client.terminal(100)) {
            terminal.see("> ").type("\u0010").see("remember-me").type("\r").see("\nremember-me\r\n");
        }
        try (TestClient client = TestClient.login(address, other);
                TestClient.Terminal terminal = client.terminal(100)) {
            terminal.see("> ").type("history\r").see("history").type("echo end-of-it\r");
            terminal.see("end-of-it\r\n");
        }
        try (var files = Files.list(node.data().resolve("history"))) {
            for (Path file : files.toList()) {
                assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
            }
        }
    }

    private static void login(KeyPair pair) throws IOException {
        TestClient.login(address, pair).close();
    }
}
