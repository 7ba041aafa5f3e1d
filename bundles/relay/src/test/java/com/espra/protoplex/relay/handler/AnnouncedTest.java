package com.espra.protoplex.relay.handler;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.ProxyProtocol;
import com.espra.protoplex.proxyprotocol.ProxyHeader;
import com.espra.protoplex.relay.direct.ToldTargets;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A target that hears of each client by the PROXY protocol, with the loop before Jetty's path, as on a node. */
public class AnnouncedTest {

    @Rule
    public final RelayRig rig = new RelayRig();

    private final List<ProxyHeader.Ends> told = new CopyOnWriteArrayList<>();
    private ScriptedTarget target;

    @Before
    public void open() throws IOException {
        target = new ScriptedTarget(talk -> {
            told.add(ProxyHeader.read(talk.in()).orElseThrow());
            while (true) {
                String head = talk.head();
                if (head.startsWith("GET /socket")) {
                    talk.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
                    talk.send("<" + talk.line() + ">");
                } else {
                    talk.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            }
        });
        rig.front();
    }

    @After
    public void close() throws IOException {
        target.close();
    }

    private void announce(ProxyProtocol how, String... addresses) {
        rig.director(request -> new Decision.Relay(
                new ToldTargets(addresses),
                Decision.HeaderRules.NONE,
                Decision.Times.USUAL,
                new Decision.Says(Map.of(), false, how)));
    }

    private static String get(Talk client, String path) throws IOException {
        client.get(path);
        String head = client.head();
        client.body(head);
        return head.lines().findFirst().orElse("");
    }

    @Test
    public void eachRequestHasAConnectionThatBeginsWithItsClient() throws Exception {
        for (ProxyProtocol how : List.of(ProxyProtocol.V1, ProxyProtocol.V2)) {
            told.clear();
            announce(how, target.address());
            try (Talk one = new Talk(rig.port());
                    Talk other = new Talk(rig.port())) {
                for (Talk each : List.of(one, other, one)) {
                    assertEquals("HTTP/1.1 200 OK", get(each, "/"));
                }
                assertEquals(
                        List.of(
                                one.socket().getLocalSocketAddress(),
                                other.socket().getLocalSocketAddress(),
                                one.socket().getLocalSocketAddress()),
                        told.stream().map(ProxyHeader.Ends::source).toList());
                assertTrue(told.stream().allMatch(ends -> ends.destination().getPort() == rig.port()));
            }
        }
        assertEquals(6, target.connections());
    }

    @Test
    public void aWebSocketToo() throws Exception {
        announce(ProxyProtocol.V2, target.address());
        try (Talk client = new Talk(rig.port())) {
            client.get("/socket", "Connection: Upgrade", "Upgrade: websocket");
            assertTrue(client.head().startsWith("HTTP/1.1 101"));
            client.send("hello\n");
            assertEquals("<hello>", client.text(7));
            assertEquals(
                    client.socket().getLocalSocketAddress(), told.getFirst().source());
        }
    }

    @Test
    public void aConnectionOfOthersIsNeverTaken() throws Exception {
        AtomicInteger plain = new AtomicInteger();
        try (ScriptedTarget both = new ScriptedTarget(talk -> {
            while (true) {
                String head = talk.head();
                if (head.startsWith("PROXY ")) {
                    plain.incrementAndGet();
                }
                talk.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        })) {
            try (Talk client = new Talk(rig.port())) {
                announce(ProxyProtocol.NONE, both.address());
                assertEquals("HTTP/1.1 200 OK", get(client, "/"));
                announce(ProxyProtocol.V1, both.address());
                assertEquals("HTTP/1.1 200 OK", get(client, "/"));
                assertEquals("it came first on a connection of its own", 1, plain.get());
                announce(ProxyProtocol.NONE, both.address());
                assertEquals("HTTP/1.1 200 OK", get(client, "/"));
                assertEquals(1, plain.get());
            }
        }
    }

    @Test
    public void overHttpsItCannotBeSaidSoNothingIs() throws Exception {
        announce(ProxyProtocol.V1, target.address().replace("http:", "https:"));
        try (Talk client = new Talk(rig.port())) {
            assertTrue(get(client, "/").startsWith("HTTP/1.1 502"));
        }
        announce(ProxyProtocol.V1, target.address().replace("http:", "https:"), target.address());
        try (Talk client = new Talk(rig.port())) {
            assertEquals("HTTP/1.1 200 OK", get(client, "/"));
        }
    }
}
