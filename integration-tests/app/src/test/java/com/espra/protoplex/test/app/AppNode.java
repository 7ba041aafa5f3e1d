package com.espra.protoplex.test.app;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;

/** Listeners, the swap engine and the App role, as a node has them. */
final class AppNode implements AutoCloseable {

    /** What a request may bring: bytes. */
    static final long MOST_BODY = 1_000_000;

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final AtomicLong DIGESTS = new AtomicLong();

    private final BundleContext context;
    private final SwapEngine engine;
    private final Configuration listener;
    private final int port;
    private final Deque<ServiceRegistration<?>> registered = new ArrayDeque<>();
    private final Map<String, Deque<Release>> pushed = new HashMap<>();

    AppNode(BundleContext context, Path data) throws Exception {
        this.context = context;
        ConfigurationAdmin configurations = service(ConfigurationAdmin.class);
        configurations
                .getConfiguration("com.espra.protoplex.http", "?")
                .updateIfDifferent(new Hashtable<>(Map.of("accessLog", false, "bodyBytes", MOST_BODY)));
        // No engine before the App role is there: what it swapped until then would serve nothing.
        configurations
                .getConfiguration("com.espra.protoplex.swap", "?")
                .updateIfDifferent(new Hashtable<>(Map.of("adapters.cardinality.minimum", 1)));
        listener = configurations.getFactoryConfiguration("com.espra.protoplex.http.listener", "test", "?");
        listener.update(new Hashtable<>(Map.of("name", "test", "host", "127.0.0.1", "port", 0)));
        register(Node.class, new TestNode(data), Map.of());
        register(Condition.class, Condition.INSTANCE, Map.of(Condition.CONDITION_ID, "protoplex.restored"));
        engine = service(SwapEngine.class);
        port = service(Listener.class).address().getPort();
    }

    int port() {
        return port;
    }

    /** Swaps to a release of these jars; empty when it serves, or the reason why not. */
    String push(String unit, List<Path> jars) throws Exception {
        return push(unit, jars, false, Set.of());
    }

    /** The same, with whether routes may go, and the components that may wait for ever. */
    String push(String unit, List<Path> jars, boolean dropRoutes, Set<String> optional) throws Exception {
        Release release = new Release(
                unit,
                "1.0." + DIGESTS.incrementAndGet(),
                "digest-" + DIGESTS.get(),
                jars.stream()
                        .map(jar -> new Release.BundleFile(jar.getFileName().toString(), jar))
                        .toList(),
                Map.of(),
                Duration.ofSeconds(3),
                SOON,
                optional,
                dropRoutes,
                false,
                Release.Kind.APP,
                false);
        String refused = swap(release);
        if (refused.isEmpty()) {
            pushed.computeIfAbsent(unit, any -> new ArrayDeque<>()).push(release);
        }
        return refused;
    }

    private String swap(Release release) throws Exception {
        Outcome outcome = engine.swap(release).get(60, TimeUnit.SECONDS);
        return outcome.done() ? "" : outcome.reason();
    }

    /** Back to the release before: a generation that rests. */
    void rollback(String unit) throws Exception {
        Await.until(
                "the generation before is at rest",
                SOON,
                () -> status(unit).generations().stream().anyMatch(each -> each.phase() == Phase.RESTING));
        Deque<Release> releases = pushed.get(unit);
        releases.pop();
        String refused = swap(releases.peek());
        if (!refused.isEmpty()) {
            throw new AssertionError(refused);
        }
    }

    private UnitStatus status(String unit) {
        return engine.units().stream()
                .filter(each -> each.unit().equals(unit))
                .findFirst()
                .orElseThrow();
    }

    void remove(String unit) throws Exception {
        Outcome outcome = engine.remove(unit).get(60, TimeUnit.SECONDS);
        if (!outcome.done()) {
            throw new AssertionError(outcome.reason());
        }
    }

    /** What is left after a restart: the data folder. */
    void restart() throws Exception {
        for (UnitStatus unit : engine.units()) {
            if (unit.generations().stream().anyMatch(each -> each.phase() != Phase.REMOVED)) {
                remove(unit.unit());
            }
        }
    }

    @Override
    public void close() throws Exception {
        restart();
        listener.delete();
        while (!registered.isEmpty()) {
            registered.pop().unregister();
        }
        Await.until(
                "the listener and the engine are gone",
                SOON,
                () -> context.getServiceReference(Listener.class) == null
                        && context.getServiceReference(SwapEngine.class) == null);
    }

    private <T> void register(Class<T> type, T service, Map<String, Object> properties) {
        registered.push(context.registerService(type, service, new Hashtable<>(properties)));
    }

    private <T> T service(Class<T> type) throws InterruptedException {
        ServiceTracker<T, ServiceReference<T>> tracker = new ServiceTracker<>(context, type, null) {
            @Override
            public ServiceReference<T> addingService(ServiceReference<T> reference) {
                return reference;
            }
        };
        tracker.open();
        ServiceReference<T> reference = tracker.waitForService(SOON.toMillis());
        tracker.close();
        if (reference == null) {
            throw new AssertionError("no service " + type.getName());
        }
        return context.getService(reference);
    }

    private record TestNode(Path folder) implements Node {
        @Override
        public String name() {
            return "node-1";
        }

        @Override
        public String region() {
            return "local";
        }

        @Override
        public Set<String> roles() {
            return Set.of("app");
        }

        @Override
        public Path data(String owner) {
            try {
                return Files.createDirectories(folder.resolve(owner));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
