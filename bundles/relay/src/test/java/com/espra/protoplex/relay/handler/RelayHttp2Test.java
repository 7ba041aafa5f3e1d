package com.espra.protoplex.relay.handler;

import static com.espra.protoplex.relay.handler.RelayRig.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.relay.direct.ToldTargets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Clients that speak HTTP/2. */
public class RelayHttp2Test {

    private static final String[] GET = {
        ":method", "GET", ":scheme", "http", ":path", "/a?b", ":authority", "h2.example"
    };
    private static final String[] POST = {":method", "POST", ":scheme", "http", ":path", "/", ":authority", "h2.example"
    };

    @Rule
    public final RelayRig rig = new RelayRig();

    @Test
    public void aRequestBecomesHttp1() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                StreamTalk client = new StreamTalk(rig.port())) {
            rig.relayAllTo(target.address());
            client.head(1, true, GET);
            assertEquals(200, StreamTalk.status(client.next(1)));
            StreamTalk.Frame body = client.next(1);
            assertEquals("hello", body.text());
            String head = target.heads.getFirst();
            assertTrue(head, head.startsWith("GET /a?b HTTP/1.1\nHost: h2.example\n"));
            assertNull("a GET without a body has none", Talk.field(head, "Transfer-Encoding"));
            assertNull(head, Talk.field(head, "Connection"));
        }
    }

    @Test
    public void aBodyOfUnknownLengthIsChunked() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    String head = talk.head();
                    received.complete(Talk.field(head, "Transfer-Encoding") + " " + talk.body(head));
                    talk.send("HTTP/1.1 204 No Content\r\n\r\n");
                    talk.read();
                });
                StreamTalk client = new StreamTalk(rig.port())) {
            rig.relayAllTo(target.address());
            client.head(1, false, POST);
            client.data(1, false, "one ");
            client.data(1, true, "two");
            assertEquals(204, StreamTalk.status(client.next(1)));
            assertEquals("chunked one two", received.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    public void anAnswerThatBreaksOffResetsTheStream() throws Exception {
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    talk.head();
                    talk.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                });
                StreamTalk client = new StreamTalk(rig.port())) {
            rig.relayAllTo(target.address());
            client.head(1, true, GET);
            StreamTalk.Frame frame = client.next(1);
            while (frame.type() != StreamTalk.RESET) {
                assertTrue("half was given for the whole", !frame.isLast());
                frame = client.next(1);
            }
        }
    }

    @Test
    public void aClientThatLeavesEndsTheTargetsConnection() throws Exception {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        CompletableFuture<String> asked = new CompletableFuture<>();
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    asked.complete(talk.head());
                    end.complete(talk.read());
                });
                StreamTalk client = new StreamTalk(rig.port())) {
            ToldTargets told = rig.relayTo(Decision.Times.USUAL, target.address());
            client.head(1, true, GET);
            asked.get(20, TimeUnit.SECONDS);
            client.reset(1);
            assertEquals(Integer.valueOf(-1), end.get(20, TimeUnit.SECONDS));
            until("the director knows", () -> !told.told().isEmpty());
            assertEquals(target.address() + " CLIENT", told.told().getLast());
        }
    }

    @Test
    public void aWebSocketOverAStreamBecomesAnUpgrade() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        try (ScriptedTarget target = new ScriptedTarget(talk -> {
                    asked.complete(talk.head());
                    talk.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: x\r\n\r\n");
                    while (true) {
                        talk.send("<" + talk.line() + ">");
                    }
                });
                StreamTalk client = new StreamTalk(rig.port())) {
            rig.relayAllTo(target.address());
            client.head(
                    1,
                    false,
                    ":method",
                    "CONNECT",
                    ":protocol",
                    "websocket",
                    ":scheme",
                    "http",
                    ":path",
                    "/ws",
                    ":authority",
                    "h2.example",
                    "sec-websocket-version",
                    "13");
            assertEquals(200, StreamTalk.status(client.next(1)));
            String head = asked.get(20, TimeUnit.SECONDS);
            assertTrue(head, head.startsWith("GET /ws HTTP/1.1\nHost: h2.example\n"));
            assertEquals("websocket", Talk.field(head, "Upgrade"));
            assertNotNull(head, Talk.field(head, "Sec-WebSocket-Key"));
            for (int i = 0; i < 20; i++) {
                client.data(1, false, "frame " + i + "\n");
                StringBuilder back = new StringBuilder();
                while (back.length() < ("<frame " + i + ">").length()) {
                    back.append(client.next(1).text());
                }
                assertEquals("<frame " + i + ">", back.toString());
            }
        }
    }
}
