package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Until;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.felix.hc.api.Result;
import org.junit.After;
import org.junit.Test;

/** Handlers that hold every thread for ever are noticed; many that compute are not taken for them. */
public class RequestThreadsTest {

    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final ExecutorService threads = Executors.newFixedThreadPool(1);
    private final CountDownLatch held = new CountDownLatch(1);
    private final AtomicLong begun = new AtomicLong();
    private final RequestThreads check = new RequestThreads(threads, begun::get, () -> PATIENCE);

    @After
    public void end() {
        held.countDown();
        threads.shutdownNow();
    }

    @Test
    public void whoWaitsInVainIsToldAndWhoGetsAThreadAgain() throws Exception {
        assertEquals(Result.Status.OK, check.execute().getStatus());
        hold();

        Until.until("it is noticed", () -> check.execute().getStatus() == Result.Status.CRITICAL);
        assertTrue(
                check.execute().toString(),
                check.execute()
                        .toString()
                        .contains("jcmd " + ProcessHandle.current().pid()));

        held.countDown();
        Until.until("all is well again", () -> check.execute().getStatus() == Result.Status.OK);
    }

    @Test
    public void asLongAsRequestsAreBegunThereIsProgress() {
        hold();
        long end = System.nanoTime() + 3 * PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            begun.incrementAndGet();
            assertEquals(Result.Status.OK, check.execute().getStatus());
        }
    }

    @Test
    public void listenersThatCloseAreNoReason() {
        threads.shutdown();

        assertEquals(Result.Status.OK, check.execute().getStatus());
    }

    private void hold() {
        threads.execute(() -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
