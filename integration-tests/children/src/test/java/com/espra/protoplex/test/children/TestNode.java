package com.espra.protoplex.test.children;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.ExportedPackages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/** A parent and children. In place of the host it carries what they ask each other, and lets each child serve as soon as it is prepared. */
final class TestNode implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(30);
    /** What needs Jetty would need the API's Jetty, which is the test's in the parent's framework. */
    private static final Set<String> NOT_IN_THE_PARENT = Set.of(
            "com.espra.protoplex.api",
            "com.espra.protoplex.http",
            "com.espra.protoplex.meta",
            "com.espra.protoplex.gogo",
            "com.espra.protoplex.shell");

    final List<SwapEvent> told = new CopyOnWriteArrayList<>();
    /** Children that said that they are unwell, and why. */
    final List<String> unwell = new CopyOnWriteArrayList<>();

    private final Path folder;
    private final Map<String, ListeningSocket> sockets = new LinkedHashMap<>();
    private final Process parent;
    private final SwapEngine engine;
    private final Map<String, Child> children = new LinkedHashMap<>();

    /** What a child may be for: the apps, or the one that has a store of its own. */
    enum Kind {
        SERVING("serving", "http", "public", List.of("child", "app")),
        SINGLE("single", "seed", "seed", List.of("child", "app"));

        private final String group;
        private final String listener;
        private final String listeners;
        private final List<String> features;

        Kind(String group, String listener, String listeners, List<String> features) {
            this.group = group;
            this.listener = listener;
            this.listeners = listeners;
            this.features = features;
        }
    }

    /** A child, and how its parent's bundles find it. */
    private record Child(
            Process process,
            ServiceRegistration<?> control,
            CompletableFuture<Void> prepared,
            CompletableFuture<Void> serving) {}

    TestNode(Path folder) throws Exception {
        this.folder = folder;
        for (Kind kind : Kind.values()) {
            sockets.put(
                    kind.listener,
                    ListeningSocket.bind(
                            kind.listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024));
        }
        Map<String, String> properties = properties("parent", "{\"name\": \"node-1\", \"roles\": [\"app\"]}");
        properties.put("protoplex.listeners", "http");
        parent = new Process(
                folder.resolve("framework"), properties, ExportedPackages.of(SwapEngine.class), this::offerHost);
        parent.start(List.of("parent"), NOT_IN_THE_PARENT);
        parent.context().registerService(SwapListener.class, told::add, null);
        ServiceTracker<SwapEngine, SwapEngine> tracker = new ServiceTracker<>(parent.context(), SwapEngine.class, null);
        tracker.open();
        engine = tracker.waitForService(SOON.toMillis());
    }

    private Map<String, String> properties(String process, String configuration) {
        Map<String, String> properties = new HashMap<>();
        properties.put("protoplex.config", configuration);
        properties.put("protoplex.data", folder.toString());
        properties.put("protoplex.process", process);
        return properties;
    }

    private void offerHost(BundleContext context) {
        List<Map<String, Object>> listeners = Arrays.stream(Kind.values())
                .map(kind -> Map.<String, Object>of(
                        "name",
                        kind.listener,
                        "group",
                        kind.listeners,
                        "children",
                        kind.group,
                        "tls",
                        false,
                        "host",
                        "127.0.0.1",
                        "port",
                        (long) port(kind)))
                .toList();
        register(
                context,
                (topic, body) -> CompletableFuture.completedFuture(
                        Map.of("children", List.of(), "health", "HEALTHY", "listeners", listeners)),
                Map.of("protoplex.control", "host"));
    }

    private static ServiceRegistration<?> register(
            BundleContext context, Peer control, Map<String, Object> properties) {
        return context.registerService(Peer.class, control, new Hashtable<>(properties));
    }

    int port(Kind kind) {
        return sockets.get(kind.listener).address().getPort();
    }

    SwapEngine engine() {
        return engine;
    }

    /** Starts a child; it serves when it has everything. */
    void start(String id) throws Exception {
        start(id, Kind.SERVING);
    }

    void start(String id, Kind kind) throws Exception {
        CompletableFuture<Void> prepared = new CompletableFuture<>();
        CompletableFuture<Void> serving = new CompletableFuture<>();
        Map<String, String> properties = properties("child", """
                {"name": "node-1", "roles": ["app"], "limits": {"accessLog": false},
                 "listeners": {"%s": {"port": 1, "host": "127.0.0.1", "group": "%s"}}}
                """.formatted(kind.listener, kind.listeners));
        properties.put("protoplex.child", id);
        CompletableFuture<Process> itself = new CompletableFuture<>();
        Process process = new Process(
                folder.resolve("children").resolve(id),
                properties,
                "",
                context -> offerParent(context, id, kind, itself, prepared, serving));
        itself.complete(process);
        ServiceRegistration<?> control = register(
                parent.context(),
                (topic, body) -> process.ask(topic, body),
                Map.of("protoplex.control", id, "protoplex.group", kind.group, "protoplex.slot", children.size()));
        children.put(id, new Child(process, control, prepared, serving));
        process.start(kind.features, Set.of());
    }

    private void offerParent(
            BundleContext context,
            String id,
            Kind kind,
            CompletableFuture<Process> itself,
            CompletableFuture<Void> prepared,
            CompletableFuture<Void> serving) {
        try {
            context.registerService(
                    ServerSocketChannel.class,
                    sockets.get(kind.listener).channel(),
                    new Hashtable<>(Map.of("protoplex.listener", kind.listener, "protoplex.port", port(kind))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        register(
                context,
                (topic, body) -> switch (topic) {
                    case "prepared" -> {
                        prepared.complete(null);
                        itself.join().ask("serve", Map.of()).whenComplete((open, failure) -> {
                            if (failure == null) {
                                serving.complete(null);
                            } else {
                                serving.completeExceptionally(failure);
                            }
                        });
                        yield CompletableFuture.completedFuture(Map.of());
                    }
                    case "unwell" -> {
                        unwell.add(id + ": " + body.get("reason"));
                        yield CompletableFuture.completedFuture(Map.of());
                    }
                    default -> {
                        Map<String, Object> named = new HashMap<>(body);
                        named.put("child", id);
                        yield parent.ask(topic, named);
                    }
                },
                Map.of("protoplex.control", "parent"));
    }

    void awaitServing(String id) throws Exception {
        children.get(id).serving().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Its parent hears nothing of it any more; its sockets stay open, as those of a process that hangs. */
    void cutOff(String id) {
        Child child = children.get(id);
        child.process().cutOff();
        child.control().unregister();
    }

    /** Ends a child in good order. */
    void stop(String id) throws Exception {
        Child child = children.remove(id);
        child.process().stop();
        child.process().cutOff();
        try {
            child.control().unregister();
        } catch (IllegalStateException cutOffBefore) {
            // Nothing is left to be done.
        }
    }

    Outcome swap(Release release) throws Exception {
        return engine.swap(release).get(60, TimeUnit.SECONDS);
    }

    /** The addresses that the parent's bundles know of. */
    List<String> addresses() throws InvalidSyntaxException {
        return parent.context().getServiceReferences(Listener.class, null).stream()
                .map((ServiceReference<Listener> reference) ->
                        parent.context().getService(reference).address().toString())
                .toList();
    }

    String status() throws IOException {
        return Files.readString(folder.resolve("status.json"));
    }

    void awaitPhase(String phase) {
        Await.until("phase " + phase, SOON, () -> status().contains("\"phase\" : \"" + phase + "\""));
    }

    @Override
    public void close() throws Exception {
        for (String id : List.copyOf(children.keySet())) {
            stop(id);
        }
        parent.stop();
        for (ListeningSocket socket : sockets.values()) {
            socket.close();
        }
    }
}
