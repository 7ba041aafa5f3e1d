package com.espra.protoplex.relay.handler;

import static com.espra.protoplex.relay.handler.RelayRig.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.relay.direct.ToldTargets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.Rule;
import org.junit.Test;

/** Many at once: nobody gets what is another's, and nothing is left over. */
public class RelayLoadTest {

    private static final int CLIENTS = 12;
    private static final int REQUESTS = 200;

    @Rule
    public final RelayRig rig = new RelayRig();

    /** Sends back what it was sent, closes now and then, and lets go of some connections in silence. */
    private static void echo(Talk talk) throws IOException {
        while (true) {
            String head = talk.head();
            String body = talk.body(head);
            String said = head.split(" ")[1] + "|" + body;
            boolean isHead = head.startsWith("HEAD");
            int dice = ThreadLocalRandom.current().nextInt(20);
            String close = dice == 0 ? "Connection: close\r\n" : "";
            if (dice < 10 || isHead) {
                talk.send("HTTP/1.1 200 OK\r\n" + close + "Content-Length: " + said.length() + "\r\n\r\n"
                        + (isHead ? "" : said));
            } else {
                talk.send("HTTP/1.1 200 OK\r\n" + close + "Transfer-Encoding: chunked\r\n\r\n");
                talk.send(Integer.toHexString(said.length()) + "\r\n" + said + "\r\n0\r\n\r\n");
            }
            if (dice <= 1) {
                return;
            }
        }
    }

    private int client(int number) throws IOException {
        int failed = 0;
        try (Talk client = new Talk(rig.port())) {
            for (int i = 0; i < REQUESTS; i++) {
                String path = "/" + number + "/" + i;
                String body = "body of " + path + "x".repeat(i * 37 % 5000);
                int kind = i % 4;
                switch (kind) {
                    case 0 -> client.get(path);
                    case 1 ->
                        client.send("PUT " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body);
                    case 2 ->
                        client.send("PUT " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
                    default -> client.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                }
                String head = client.head();
                if (kind == 3) {
                    failed += head.startsWith("HTTP/1.1 200") ? 0 : 1;
                    continue;
                }
                String got = client.body(head);
                if (head.startsWith("HTTP/1.1 200")) {
                    assertEquals(path + "|" + (kind == 0 ? "" : body), got);
                } else {
                    // Its connection was closed just as it was sent, and of its body something had gone.
                    assertTrue(head, head.startsWith("HTTP/1.1 502") && kind != 0);
                    failed++;
                }
            }
        }
        return failed;
    }

    @Test
    public void nobodyGetsWhatIsAnothers() throws Exception {
        try (ScriptedTarget one = new ScriptedTarget(RelayLoadTest::echo);
                ScriptedTarget two = new ScriptedTarget(RelayLoadTest::echo);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            rig.director(request -> new Decision.Relay(
                    request.path().hashCode() % 2 == 0
                            ? new ToldTargets(one.address(), two.address())
                            : new ToldTargets(two.address(), one.address())));
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(threads.submit(() -> client(number)));
            }
            int failed = 0;
            for (Future<Integer> client : clients) {
                failed += client.get();
            }
            assertTrue(failed + " of " + CLIENTS * REQUESTS + " failed", failed < CLIENTS * REQUESTS / 20);
            until("nothing is in flight", () -> rig.inFlight() == 0);
            until(
                    "all connections rest",
                    () -> rig.upstream().resting() == rig.upstream().connections());
            assertEquals(0, rig.upstream().waiting());
        }
    }
}
