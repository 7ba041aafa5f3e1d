package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.MinimumRate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** Clients that drip and sip are let go of; those that are only quiet are not. */
public class SlowClientTest {

    private static final int RATE = 1_000_000;
    private static final Duration GRACE = Duration.ofSeconds(1);

    @Rule
    public final TestGroup group =
            new TestGroup(new Limits(16384, 1 << 30, 1000, Duration.ofSeconds(60), RATE, GRACE, 0, false));

    @Test
    public void aHeaderThatDripsIsCutOff() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n");
            dripUntilClosed(client, "X-Drip: 1\r\n");
            assertEquals(-1, client.read());
        }
    }

    @Test
    public void aSecondHeaderThatDripsIsCutOff() throws Exception {
        group.live("app", "1", Handlers.text("x"), "/");
        try (RawClient client = new RawClient(group.port())) {
            assertEquals(200, client.get("/").status());
            client.send("GET / HTTP/1.1\r\nHost: a\r\n");
            dripUntilClosed(client, "X-Drip: 1\r\n");
            assertEquals(-1, client.read());
        }
    }

    @Test
    public void aBodyThatDripsGets408AndOneThatNobodyReadsYetDoesNot() throws Exception {
        Backend backend = group.live("app", "1", Handlers.length(), "/");
        group.live("held", "1", Handlers.length(), "/held");
        Hold hold = group.dispatcher().hold("held", new Hold.Bounds(1, 1000, Duration.ofSeconds(60)));
        try (RawClient client = new RawClient(group.port());
                RawClient patient = new RawClient(group.port())) {
            patient.send("POST /held HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
            dripUntilClosed(client, "x");
            assertEquals(408, client.answer().status());
            Until.until("nothing in flight", () -> backend.inFlight() == 0);
            assertEquals(1, hold.release().requests());
            patient.send("c");
            assertEquals("3", patient.answer().body());
        }
    }

    @Test
    public void aReaderThatSipsIsCutOff() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch failed = new CountDownLatch(1);
        Backend backend = group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) -> response.write(
                        true, ByteBuffer.allocate(50_000_000), Callback.from(callback::succeeded, cause -> {
                            failure.set(cause);
                            failed.countDown();
                            callback.failed(cause);
                        }))),
                "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue("the write fails", failed.await(30, TimeUnit.SECONDS));
            Until.until("nothing in flight", () -> backend.inFlight() == 0);
        }
    }

    @Test
    public void theRateCountsAfterTheGrace() {
        Limits limits = new Limits(256, 0, 1, GRACE, 100, Duration.ofSeconds(2), 0, false);
        MinimumRate slowness = new MinimumRate();
        assertFalse("first second of grace", slowness.look(0, limits));
        assertFalse("second of grace", slowness.look(0, limits));
        assertFalse("fast enough", slowness.look(100, limits));
        assertTrue("100 of 200", slowness.look(100, limits));
    }

    @Test
    public void withoutARateNobodyIsSlow() {
        Limits limits = new Limits(256, 0, 1, GRACE, 0, Duration.ZERO, 0, false);

        assertFalse(new MinimumRate().look(0, limits));
    }

    /** A few bytes now and then, until the server has had enough. */
    private static void dripUntilClosed(RawClient client, String drop) throws Exception {
        Until.until("the server lets go", () -> {
            try {
                client.send(drop);
            } catch (IOException closed) {
                return true;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            return client.socket().getInputStream().available() > 0;
        });
    }
}
