package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.dispatch.TableDispatcher;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.ThreadingModel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.Rule;
import org.junit.Test;

/** Handlers that wait cost a virtual thread each; those that go on by events share a few platform threads. */
public class ThreadingModelTest {

    private static final int WAITING = 1000;
    private static final int A_FEW = 100;

    @Rule
    public final TestGroup group = new TestGroup();

    @Test
    public void aThousandThatWaitNeedFewPlatformThreads() throws Exception {
        CountDownLatch wait = new CountDownLatch(1);
        group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) -> {
                    wait.await();
                    Handlers.text(Boolean.toString(Thread.currentThread().isVirtual()), response, callback);
                }),
                "/");
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < WAITING; i++) {
                clients.add(new RawClient(group.port()));
                clients.getLast().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            Until.until("all wait at once", () -> ((TableDispatcher) group.dispatcher()).inFlight() == WAITING);
            int more = ManagementFactory.getThreadMXBean().getThreadCount() - before;
            assertTrue(more + " platform threads", more < A_FEW);
            wait.countDown();
            for (RawClient client : clients) {
                assertEquals("true", client.answer().body());
            }
        } finally {
            wait.countDown();
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    public void eventsAreHandledOnPlatformThreads() throws Exception {
        Limits limits = Limits.DEFAULT.withKind(ThreadingModel.EVENTS);
        try (ListenerGroup events = new ListenerGroup("events", limits, (request, response) -> {})) {
            events.dispatcher()
                    .fallback(Handlers.of((request, response, callback) -> Handlers.text(
                            Boolean.toString(Thread.currentThread().isVirtual()), response, callback)));
            int port = events.open(new ListenerSettings("main", "127.0.0.1", 0, null))
                    .address()
                    .getPort();
            try (RawClient client = new RawClient(port)) {
                assertEquals("false", client.get("/").body());
            }
        }
    }

    @Test
    public void anotherKindIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ThreadingModel.of("fast"));

        assertTrue(refused.getMessage(), refused.getMessage().contains("limits.kind"));
        assertEquals(ThreadingModel.THREADS, ThreadingModel.of("threads"));
    }
}
