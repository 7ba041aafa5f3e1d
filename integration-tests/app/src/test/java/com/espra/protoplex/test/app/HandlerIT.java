package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Jetty handlers as services. */
public class HandlerIT extends AppTest {

    private static String handler(String name, String properties, String answer) {
        return """
                @Component(service = org.eclipse.jetty.server.Handler.class, property = {%2$s})
                public class %1$s extends org.eclipse.jetty.server.Handler.Abstract {
                    @Override public boolean handle(org.eclipse.jetty.server.Request request,
                            org.eclipse.jetty.server.Response response, org.eclipse.jetty.util.Callback callback) {
                        org.eclipse.jetty.io.Content.Sink.write(response, true, %3$s, callback);
                        return true;
                    }
                }
                """.formatted(name, properties, answer);
    }

    @Test
    public void aHandlerSeesTheFullPath() throws Exception {
        String refused = push(
                "1.0.0",
                handler("Low", "\"protoplex.path=/low/*\"", "\"low \" + request.getHttpURI().getPath()"),
                servlet("High", "/high", "out.print(\"high\");"));

        assertEquals("", refused);
        assertEquals("low /low/a/b", body("/low/a/b"));
        assertEquals("high", body("/high"));
    }

    @Test
    public void aHandlerMayServeOneHostOnly() throws Exception {
        String refused = push(
                "1.0.0",
                handler("Here", "\"protoplex.path=/host\", \"protoplex.host=localhost\"", "\"here\""),
                handler("There", "\"protoplex.path=/there\", \"protoplex.host=www.example.com\"", "\"there\""));

        assertEquals("", refused);
        assertEquals("here", body("/host"));
        assertEquals(404, get("/there").statusCode());
    }

    @Test
    public void aHandlerThatDoesNotStartIsTold() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = org.eclipse.jetty.server.Handler.class, property = "protoplex.path=/x")
                public class Broken extends org.eclipse.jetty.server.Handler.Wrapper {
                    @Override protected void doStart() { throw new IllegalStateException("no key"); }
                }
                """);

        assertTrue(refused, refused.contains("no key"));
    }

    @Test
    public void aBadPathIsTold() throws Exception {
        String refused = push("1.0.0", handler("Bad", "\"protoplex.path=*bad\"", "\"\""));

        assertTrue(refused, refused.contains("'*bad'"));
    }

    @Test
    public void aHandlerMaySpeakWebSocket() throws Exception {
        String[] sources = {"""
                @Component(service = org.eclipse.jetty.server.Handler.class, property = "protoplex.path=/echo")
                public class Echo extends org.eclipse.jetty.server.handler.ContextHandler {
                    @Override protected void doStart() throws Exception {
                        setHandler(org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler.from(getServer(), this,
                                container -> container.addMapping("/echo", (request, response, callback) -> new EchoSocket())));
                        super.doStart();
                    }
                }
                """, """
                @org.eclipse.jetty.websocket.api.annotations.WebSocket
                public class EchoSocket {
                    @org.eclipse.jetty.websocket.api.annotations.OnWebSocketMessage
                    public void text(org.eclipse.jetty.websocket.api.Session session, String text) {
                        session.sendText("echo " + text, org.eclipse.jetty.websocket.api.Callback.NOOP);
                    }
                }
                """};

        assertEquals("", push("1.0.0", sources));
        assertEquals("echo one", echo("one"));
        assertEquals("", push("1.0.1", sources));
        assertEquals("echo two", echo("two"));
    }

    /** The example on the page is what users copy. */
    @Test
    public void theExampleOfTheHandbookChatsAndDrains() throws Exception {
        String source = Handbook.example("writing-handlers.md", "chat");
        assertEquals(
                "",
                push(
                        "chat",
                        TestBundle.named("com.example.chat").version("1.0.0").source(source)));
        LinkedBlockingQueue<String> ada = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<String> bob = new LinkedBlockingQueue<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebSocket first = connect(client, ada);
            WebSocket second = connect(client, bob);
            second.sendText("ready", true).join();
            assertEquals("ready", ada.poll(10, TimeUnit.SECONDS));
            assertEquals("ready", bob.poll(10, TimeUnit.SECONDS));

            assertEquals(
                    "",
                    push(
                            "chat",
                            TestBundle.named("com.example.chat")
                                    .version("1.0.1")
                                    .source(source)));

            first.sendText("still here", true).join();
            assertEquals("the old version goes on", "still here", bob.poll(10, TimeUnit.SECONDS));
            LinkedBlockingQueue<String> eve = new LinkedBlockingQueue<>();
            WebSocket third = connect(client, eve);
            third.sendText("new", true).join();
            assertEquals("new", eve.poll(10, TimeUnit.SECONDS));
            assertTrue(
                    "on the new version, in a room of its own: " + ada,
                    ada.stream().noneMatch("new"::equals));
            first.abort();
            second.abort();
            third.abort();
        }
    }

    @Test
    public void theExampleOfARoomIsSwappedAndItsClientsStay() throws Exception {
        String source = Handbook.example("writing-roles.md", "room");
        assertEquals("", push("room", room("1.0.0", source)));
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket = connect(client, "/room", heard);
            socket.sendText("a", true).join();
            assertEquals("1.0.0 a 1", heard.poll(10, TimeUnit.SECONDS));
            assertEquals("", push("room", room("1.0.1", source)));
            socket.sendText("b", true).join();
            assertEquals("1.0.1 b 2", heard.poll(10, TimeUnit.SECONDS));
            node().rollback("room");
            socket.sendText("c", true).join();
            assertEquals("1.0.0 c 3", heard.poll(10, TimeUnit.SECONDS));
            node().remove("room");
            socket.abort();
        }
    }

    private static TestBundle room(String version, String source) {
        return TestBundle.named("com.example.room")
                .version(version)
                .source(source.replace("member.send(text", "member.send(\"" + version + " \" + text"));
    }

    @Test
    public void theExampleOfAPoolComputes() throws Exception {
        String source = Handbook.example("writing-handlers.md", "pool");
        assertEquals(
                "",
                push(
                        "report",
                        TestBundle.named("com.example.report").version("1.0.0").source(source)));
        assertEquals("4999999950000000", get("/report").body().strip());
    }

    private WebSocket connect(HttpClient client, LinkedBlockingQueue<String> heard) throws Exception {
        return connect(client, "/chat", heard);
    }

    private WebSocket connect(HttpClient client, String path, LinkedBlockingQueue<String> heard) throws Exception {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + node().port() + path), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        heard.add(data.toString());
                        socket.request(1);
                        return null;
                    }
                })
                .get(10, TimeUnit.SECONDS);
    }

    private String echo(String text) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + node().port() + "/echo"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                            answer.complete(data.toString());
                            return null;
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
            socket.sendText(text, true);
            String got = answer.get(10, TimeUnit.SECONDS);
            socket.abort();
            return got;
        }
    }
}
