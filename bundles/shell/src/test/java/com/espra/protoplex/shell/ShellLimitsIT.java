package com.espra.protoplex.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.util.tracker.ServiceTracker;

/** What the shell does not do for ever, and what outlives a restart. */
public class ShellLimitsIT {

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    @Test
    public void waitsForTheNodeToServeAndKeepsItsHostKey() throws Exception {
        Path folder = FOLDER.newFolder().toPath();
        String first;
        try (TestNode node = new TestNode(folder, Map.of())) {
            assertEquals(
                    "the shell opened before the node served",
                    null,
                    node.context().getServiceReference("com.espra.protoplex.api.http.Listener"));
            node.serve().address();
            first = Files.readString(node.data().resolve("host_ed25519.pub"));
        }
        try (TestNode node = new TestNode(folder, Map.of())) {
            node.serve().address();
            assertEquals(first, Files.readString(node.data().resolve("host_ed25519.pub")));
        }
    }

    @Test
    public void aPortThatIsTakenIsSaidAndOpenedWhenItIsFree() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestNode node = new TestNode(
                                FOLDER.newFolder().toPath(), Map.of("port", "I\"" + taken.getLocalPort() + "\""))
                        .serve()) {
            ServiceTracker<NodeHealth, NodeHealth> told = new ServiceTracker<>(node.context(), NodeHealth.class, null);
            told.open();
            NodeHealth health = Objects.requireNonNull(told.waitForService(20_000), "it is said");
            assertEquals("DEGRADED", health.now().state());
            assertTrue(
                    health.now().reason(),
                    health.now().reason().startsWith("it has no shell on 127.0.0.1:" + taken.getLocalPort() + ": "));

            taken.close();

            assertEquals(taken.getLocalPort(), node.address().getPort());
            Await.until("it is well again", Duration.ofSeconds(20), () -> told.size() == 0);
        }
    }

    @Test
    public void endsIdleSessionsAndRefusesTooMany() throws Exception {
        Path folder = FOLDER.newFolder().toPath();
        KeyPair key = TestKeys.ed25519();
        Path authorized = folder.resolve("authorized_keys");
        Files.writeString(authorized, TestKeys.line(key));
        Map<String, String> limits = Map.of(
                "authorizedKeys",
                "\"" + authorized + "\"",
                "sessions",
                "I\"2\"",
                "idleSeconds",
                "I\"6\"",
                "loginSeconds",
                "I\"4\"");
        try (TestNode node = new TestNode(folder, limits)) {
            URI address = node.serve().address();
            try (TestClient one = TestClient.login(address, key);
                    TestClient two = TestClient.login(address, key)) {
                assertThrows("a third session runs commands", IOException.class, () -> third(address, key));
                assertEquals(0, one.exec("echo still here").status());
                closed(one);
                closed(two);
            }
            try (TestClient again = TestClient.login(address, key)) {
                assertEquals(0, again.exec("echo room").status());
            }
            manySilentOnesKeepNobodyOut(address, key);
            silent(address);
        }
    }

    /** They come at once and stay: the operator gets in meanwhile. */
    private static void manySilentOnesKeepNobodyOut(URI address, KeyPair key) throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                silent.add(new Socket(address.getHost(), address.getPort()));
            }
            try (TestClient operator = TestClient.login(address, key)) {
                assertEquals(0, operator.exec("echo in").status());
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static void third(URI address, KeyPair key) throws IOException {
        try (TestClient three = TestClient.login(address, key)) {
            three.exec("echo three");
        }
    }

    private static void closed(TestClient client) {
        Set<ClientSessionEvent> events =
                client.session().waitFor(EnumSet.of(ClientSessionEvent.CLOSED), TestClient.DEADLINE);
        assertTrue("an idle session was not ended: " + events, events.contains(ClientSessionEvent.CLOSED));
    }

    /** Somebody who connects and never logs in is disconnected. */
    private static void silent(URI address) throws IOException {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout((int) TestClient.DEADLINE.toMillis());
            InputStream in = socket.getInputStream();
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(text, text.startsWith("SSH-2.0-protoplex"));
        }
    }
}
