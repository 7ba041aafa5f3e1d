package com.espra.protoplex.http.dispatch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** No request fails, none sees two generations, and none runs in a generation that has been drained and closed. */
public class FlipUnderLoadTest {

    private static final int CONNECTIONS = 32;
    private static final int FLIPS = 100;

    @Rule
    public final TestGroup group = new TestGroup();

    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong answers = new AtomicLong();
    private volatile boolean running = true;

    @Test
    public void instantHandlers() throws Exception {
        flipUnderLoad(Pace.INSTANT, FLIPS, false);
    }

    @Test
    public void handlersThatBlock() throws Exception {
        flipUnderLoad(Pace.BLOCKING, FLIPS / 4, false);
    }

    @Test
    public void handlersThatAnswerLater() throws Exception {
        flipUnderLoad(Pace.LATER, FLIPS / 4, false);
    }

    /** No generation begins a request before the last one of its predecessor has ended. */
    @Test
    public void oneAfterTheOther() throws Exception {
        flipUnderLoad(Pace.LATER, FLIPS / 4, true);
    }

    private enum Pace {
        INSTANT,
        BLOCKING,
        LATER
    }

    /** Answers with its generation, and knows whether that is over. */
    private final class Version extends Handler.Abstract {

        private static final Executor LATER = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

        private final String generation;
        private final Pace pace;
        private volatile boolean over;

        Version(String generation, Pace pace) {
            this.generation = generation;
            this.pace = pace;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            check("begins");
            switch (pace) {
                case INSTANT -> answer(response, callback);
                case BLOCKING -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    answer(response, callback);
                }
                case LATER -> LATER.execute(() -> answer(response, callback));
            }
            check("returns");
            return true;
        }

        private void answer(Response response, Callback callback) {
            check("answers");
            Handlers.text(generation, response, callback);
        }

        private void check(String what) {
            if (over) {
                failures.add("a request " + what + " in generation " + generation + ", which is over");
            }
        }
    }

    private void flipUnderLoad(Pace pace, int flips, boolean held) throws Exception {
        Version version = new Version("0", pace);
        Backend live = group.live("app", "0", version, "/app/*");
        List<Backend> all = new ArrayList<>(List.of(live));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                loads.add(clients.submit(this::load));
            }
            for (int flip = 1; flip <= flips; flip++) {
                long before = answers.get();
                Version nextVersion = new Version(Integer.toString(flip), pace);
                Backend next = group.backend("app", Integer.toString(flip), nextVersion, "/app/*");
                if (held) {
                    Hold hold = group.dispatcher().hold("app", new Hold.Bounds(1024, 1 << 20, Duration.ofSeconds(30)));
                    assertEquals("in flight", 0L, (long)
                            hold.idle(Duration.ofSeconds(20)).get(30, TimeUnit.SECONDS));
                    version.over = true;
                    group.dispatcher().flip(next);
                    hold.release();
                } else {
                    group.dispatcher().flip(next);
                }
                long broken = live.drain(Duration.ofSeconds(20)).get(30, TimeUnit.SECONDS);
                version.over = true;
                assertEquals("broken off", 0, broken);
                live.close();
                version = nextVersion;
                live = next;
                all.add(next);
                Until.until("requests go on", () -> answers.get() > before + CONNECTIONS || !failures.isEmpty());
            }
            running = false;
            for (Future<?> load : loads) {
                load.get(30, TimeUnit.SECONDS);
            }
        }
        assertTrue(String.join("\n", failures), failures.isEmpty());
        assertEquals(
                "each request began in exactly one generation",
                answers.get(),
                all.stream().mapToLong(Backend::served).sum());
        Backend last = live;
        Until.until("nothing in flight", () -> last.inFlight() == 0);
    }

    /** One keep-alive connection. The generations that it sees never go back. */
    private void load() {
        try (RawClient client = new RawClient(group.port())) {
            int last = 0;
            while (running) {
                RawClient.Answer answer = client.get("/app/x");
                if (answer.status() != 200) {
                    failures.add("status " + answer.status());
                    return;
                }
                int generation = Integer.parseInt(answer.body());
                if (generation < last) {
                    failures.add("generation " + generation + " after " + last);
                }
                last = generation;
                answers.incrementAndGet();
            }
        } catch (Exception e) {
            failures.add(e.toString());
        }
    }
}
