package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** A counter in a file, whose folder one generation has open, goes from version to version. */
public class TakeOverIT extends SwapTest {

    private static final int CLIENTS = 4;

    private volatile boolean running = true;
    private final AtomicInteger answered = new AtomicInteger();

    /** @param opens what its store does before it opens */
    private Release counter(String version, String opens) {
        Release made = release(
                "counter",
                version,
                handler("com.example.counter", version, "/count", "@Reference Store store;", "\"\" + store.next()")
                        .source("""
                                package com.example.counter;
                                import com.espra.protoplex.api.node.Node;
                                import com.espra.protoplex.api.swap.Generation;
                                import com.espra.protoplex.files.FolderLock;
                                import java.nio.file.*;
                                import java.time.Duration;
                                import org.osgi.service.component.annotations.*;
                                import org.osgi.service.condition.Condition;
                                @Component(service = Store.class)
                                public class Store {
                                    private final FolderLock lock;
                                    private final Path file;
                                    private int count;
                                    private boolean open = true;
                                    @Activate
                                    public Store(@Reference Node node, @Reference(target = Generation.LIVE) Condition live) throws Exception {
                                        %s
                                        lock = FolderLock.take(node.data("counter"), Duration.ZERO);
                                        file = node.data("counter").resolve("count");
                                        count = Files.exists(file) ? Integer.parseInt(Files.readString(file)) : 0;
                                    }
                                    public synchronized int next() {
                                        if (!open) throw new IllegalStateException("closed");
                                        return ++count;
                                    }
                                    @Deactivate synchronized void close() throws Exception {
                                        open = false;
                                        Files.writeString(file, Integer.toString(count));
                                        lock.close();
                                    }
                                }
                                """.formatted(opens))
                        .build(folder));
        return new Release(
                made.unit(),
                made.version(),
                made.digest(),
                made.bundles(),
                made.configurations(),
                made.ready(),
                made.drain(),
                Set.of(),
                false,
                false,
                Release.Kind.ROLE,
                true);
    }

    private Release counter(String version) {
        return counter(version, "");
    }

    /** What hangs: a store that lets go of nothing, not even when its thread is interrupted, until the test ends. */
    private static String hangs() {
        return """
                while (!Boolean.getBoolean("counter.over")) {
                    java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                    Thread.interrupted();
                }
                """;
    }

    /** Counts until it is told to stop; what it got, which is a number each time. */
    private List<String> count() throws Exception {
        List<String> got = new ArrayList<>();
        while (running) {
            got.add(get("/count"));
            answered.incrementAndGet();
        }
        return got;
    }

    private void awaitAnswers(int more) {
        int before = answered.get();
        awaitLoad("requests are answered", () -> answered.get() >= before + more);
    }

    @Test
    public void noCountIsLostOrDoubled() throws Exception {
        Release first = counter("1.0.0");
        swapDone(first);
        List<String> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<List<String>>> loads = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> clients.submit(this::count))
                    .toList();
            awaitAnswers(20);
            swapDone(counter("1.0.1"));
            awaitAnswers(20);
            Outcome refused =
                    swapRefused(counter("1.0.2", "if (true) throw new java.io.IOException(\"the disk is gone\");"));
            assertEquals(Step.FLIP, refused.failedAt());
            assertTrue(refused.reason(), refused.reason().contains("the disk is gone"));
            assertTrue(refused.reason(), refused.reason().contains("1.0.1 serves on; requests were held for "));
            awaitAnswers(20);
            swapDone(counter("1.0.3"));
            awaitAnswers(20);
            swapDone(first);
            awaitAnswers(20);
            running = false;
            for (Future<List<String>> load : loads) {
                all.addAll(load.get());
            }
        }
        Set<String> expected = IntStream.rangeClosed(1, all.size())
                .mapToObj(Integer::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, new TreeSet<>(all));
        assertTrue(events.stream().anyMatch(event -> event.detail().startsWith("requests were held for ")));
    }

    @Test
    public void aVersionThatHangsWhileItOpensGivesTheFolderBack() throws Exception {
        swapDone(counter("1.0.0"));
        assertEquals("1", get("/count"));
        try {
            Release hangs = counter("1.0.1", hangs());
            Outcome refused = swapRefused(new Release(
                    hangs.unit(),
                    hangs.version(),
                    hangs.digest(),
                    hangs.bundles(),
                    hangs.configurations(),
                    Duration.ofSeconds(1),
                    hangs.drain(),
                    Set.of(),
                    false,
                    false,
                    Release.Kind.ROLE,
                    true));
            assertEquals(Step.FLIP, refused.failedAt());
            assertTrue(refused.reason(), refused.reason().contains("opening counter 1.0.1"));
            assertTrue(refused.reason(), refused.reason().contains("1.0.0 serves on; requests were held for "));
            assertEquals("while the other hangs still", "2", get("/count"));
        } finally {
            System.setProperty("counter.over", "true");
        }
        swapDone(counter("1.0.2"));
        assertEquals("3", get("/count"));
    }
}
