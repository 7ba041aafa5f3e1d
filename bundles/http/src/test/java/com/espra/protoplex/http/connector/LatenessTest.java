package com.espra.protoplex.http.connector;

import static com.espra.protoplex.http.Until.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.limits.Limits;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.Test;

public class LatenessTest {

    /** On a machine that is short of processors. */
    private static final class Late extends ScheduledExecutorScheduler {
        @Override
        public Task schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(task, unit.toMillis(delay) + 200, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    public void aTimerThatIsLateIsRememberedForASecond() {
        AtomicLong now = new AtomicLong();
        AtomicReference<Runnable> next = new AtomicReference<>();
        Lateness lateness = new Lateness(now::get);
        lateness.watch(
                new ScheduledExecutorScheduler() {
                    @Override
                    public Task schedule(Runnable task, long delay, TimeUnit unit) {
                        next.set(task);
                        return () -> true;
                    }
                },
                () -> true);

        pass(now, next, 90);
        assertFalse(lateness.isLate());
        pass(now, next, 110);
        assertTrue(lateness.isLate());
        for (int i = 0; i < 20; i++) {
            pass(now, next, 50);
        }
        assertFalse(lateness.isLate());
    }

    private static void pass(AtomicLong now, AtomicReference<Runnable> next, long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        next.get().run();
    }

    @Test
    public void aClientThatIsOnlyLateIsNotCutWhileItsListenerCloses() throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer((request, responseHeaders) -> new Exchange(request, "id", Limits.DEFAULT, Forwarders.NONE));
        Server server = new Server(null, new Late(), null);
        LosslessConnector connector =
                new LosslessConnector(server, new HeadMemory(() -> false), false, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setShutdownIdleTimeout(100);
        server.addConnector(connector);
        server.setHandler(Handlers.text("here"));
        server.start();
        try (RawClient client = new RawClient(connector.getLocalPort())) {
            assertEquals(200, client.get("/").status());
            AbstractEndPoint endPoint = (AbstractEndPoint)
                    connector.getConnectedEndPoints().iterator().next();
            var _ = connector.shutdown();
            AtomicLong silent = new AtomicLong();
            until("it was too silent", () -> {
                long idle = endPoint.getIdleFor();
                return idle < silent.getAndSet(idle) || !endPoint.isOpen();
            });

            RawClient.Answer answer = client.get("/");
            assertEquals(200, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertEquals(-1, client.read());
        } finally {
            server.stop();
        }
    }
}
