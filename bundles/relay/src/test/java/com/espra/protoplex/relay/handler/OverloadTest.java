package com.espra.protoplex.relay.handler;

import static com.espra.protoplex.relay.handler.RelayRig.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.relay.direct.ToldTargets;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** A thousand clients that are idle, slow to ask or slow to read: the relay's memory is bounded, others are served, and all heals. */
public class OverloadTest {

    private static final int IDLE = 400;
    private static final int HALF = 300;
    private static final int READERS = 300;
    private static final int OTHERS = 20;
    private static final int PART = 65_536;

    /** Of 4 MiB for each reader, 1.2 GiB in all. */
    private static final int PARTS = 64;

    /** What the relay, the clients and the target of this test may have together; a part each way for each reader is 38 MiB. */
    private static final long MOST_BYTES = 200L << 20;

    @Rule
    public final RelayRig rig = new RelayRig();

    private final List<Socket> sockets = new ArrayList<>();

    @After
    public void close() throws IOException {
        leave();
    }

    private void leave() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.port()));
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** Answers at length to /large, and briefly to all else. */
    private static void answer(Talk talk) throws IOException {
        byte[] part = new byte[PART];
        while (true) {
            String head = talk.head();
            if (head.startsWith("GET /large ")) {
                talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + PART * PARTS + "\r\n\r\n");
                OutputStream out = talk.socket().getOutputStream();
                for (int i = 0; i < PARTS; i++) {
                    out.write(part);
                }
            } else {
                talk.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }
    }

    private static long memory() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
    }

    private void othersAreServed() throws IOException {
        for (int i = 0; i < OTHERS; i++) {
            try (Talk other = new Talk(rig.port())) {
                other.get("/small");
                String head = other.head();
                assertTrue(head, head.startsWith("HTTP/1.1 200"));
                assertEquals("ok", other.body(head));
            }
        }
    }

    private void bear() throws Exception {
        try (ScriptedTarget target = new ScriptedTarget(OverloadTest::answer)) {
            rig.director(request -> new Decision.Relay(new ToldTargets(target.address())));
            othersAreServed();
            long before = memory();
            for (int i = 0; i < IDLE; i++) {
                connect();
            }
            for (int i = 0; i < HALF; i++) {
                send(connect(), "GET /half HTTP/1.1\r\nHost: a\r\nX-Slow: " + "x".repeat(1000));
            }
            for (int i = 0; i < READERS; i++) {
                send(connect(), "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
                if (i % 50 == 0) {
                    othersAreServed();
                }
            }
            othersAreServed();
            long more = memory() - before;
            assertTrue("it takes " + more / 1024 + " KiB", more < MOST_BYTES);
            leave();
            until(
                    "nothing is left of them",
                    () -> rig.inFlight() == 0 && rig.underWay().isEmpty());
            othersAreServed();
        }
    }

    @Test
    public void theLoopBearsThem() throws Exception {
        rig.front();
        bear();
    }

    @Test
    public void jettysPathBearsThem() throws Exception {
        bear();
    }
}
