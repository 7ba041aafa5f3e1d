package com.espra.protoplex.app.welcome;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Dispatcher.Claim;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.http.Route;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** The page of a node is for whoever runs it. */
public class WelcomeTest {

    private static final Server server = new Server();
    private static final ServerConnector connector = new ServerConnector(server);
    private static final WelcomeAudience audience = new WelcomeAudience();

    @BeforeClass
    public static void start() throws Exception {
        List<Claim> claims = List.of(
                new Claim(new Route(Route.ANY_HOST, "", "/hello/*"), "hello", "hello-7"),
                new Claim(new Route(Route.ANY_HOST, "", "/<b>"), "odd", "odd-3"));
        connector.setHost("127.0.0.1");
        connector.setName("http");
        server.addConnector(connector);
        server.setHandler(new WelcomeHandler(
                audience::includes, () -> new WelcomeText("node-1", claims, Map.of("hello-7", "1.0.2"))));
        server.start();
    }

    @AfterClass
    public static void stop() throws Exception {
        server.stop();
    }

    private static void welcome(String whom) {
        audience.add(Map.of(Listener.NAME, "http", Listener.WELCOME, whom));
    }

    private static String get(String path, String... headers) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
            String request =
                    "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static boolean shows(String... headers) throws Exception {
        String root = get("/", headers);
        String below = get("/unknown", headers);
        boolean shown = root.startsWith("HTTP/1.1 200") && root.contains("node-1") && below.contains("node-1");
        boolean nothing = Stream.of("node-1", "hello", "odd", "1.0.2").noneMatch((root + below)::contains);
        assertTrue(root + below, shown || (root.startsWith("HTTP/1.1 404") && nothing));
        return shown;
    }

    @Test
    public void whoAsksFromThisMachineIsShownThePage() throws Exception {
        welcome("loopback");

        assertTrue(shows("Host: localhost:8080"));
        assertTrue(shows("Host: 127.0.0.1"));
        assertFalse("rebound", shows("Host: evil.example"));
        assertFalse("by a proxy", shows("Host: localhost", "X-Forwarded-For: 192.0.2.1"));
        assertFalse("by a proxy", shows("Host: localhost", "Forwarded: for=192.0.2.1"));
    }

    @Test
    public void everybodyOrNobodyWhereThatIsWanted() throws Exception {
        welcome("nobody");
        assertFalse(shows("Host: localhost"));
        welcome("everybody");
        assertTrue(shows("Host: www.example.com", "X-Forwarded-For: 192.0.2.1"));
    }

    @Test
    public void appsHaveVersionsAndLinksAndNothingIsMarkup() throws Exception {
        welcome("loopback");

        String html = get("/", "Host: localhost", "Accept: text/html");
        assertTrue(html, html.contains("hello<small>1.0.2</small>"));
        assertTrue(html, html.contains("<a href=\"/hello/\">/hello/*</a>"));
        assertTrue(html, html.contains("/&lt;b&gt;"));
        assertFalse(html, html.contains("hello-7"));
        assertTrue(get("/", "Host: localhost"), get("/", "Host: localhost").contains("  hello 1.0.2: /hello/*"));
        String missing = get("/<i>", "Host: localhost", "Accept: text/html");
        assertFalse(missing, missing.contains("<i>"));
        assertEquals("HTTP/1.1 405", post());
    }

    private static String post() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).substring(0, 12);
        }
    }
}
