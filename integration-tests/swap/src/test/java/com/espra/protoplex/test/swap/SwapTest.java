package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Release.BundleFile;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.FelixTest;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;

/** A node with listeners and the engine, for tests that swap. */
public abstract class SwapTest extends FelixTest {

    static final Duration SOON = Duration.ofSeconds(10);

    private static final AtomicLong DIGESTS = new AtomicLong();

    final Queue events = new Queue();
    SwapEngine engine;
    Path folder;
    final HandlerAdapter adapter = new HandlerAdapter();
    private URI address;
    private HttpClient client;
    private final Deque<ServiceRegistration<?>> registered = new ArrayDeque<>();

    /** Events in their order. */
    static final class Queue extends ConcurrentLinkedQueue<SwapEvent> implements SwapListener {
        private static final long serialVersionUID = 1L;

        @Override
        public void swapped(SwapEvent event) {
            add(event);
        }

        List<String> steps() {
            return stream().map(event -> event.step() + " " + event.state()).toList();
        }
    }

    @Before
    public void node() throws Exception {
        folder = Files.createTempDirectory("swap");
        configure("com.espra.protoplex.http", Map.of("accessLog", false));
        configure("com.espra.protoplex.http.listener~t", Map.of("name", "t", "host", "127.0.0.1", "port", 0));
        register(Node.class, new TestNode(folder), Map.of());
        register(Condition.class, Condition.INSTANCE, Map.of(Condition.CONDITION_ID, "protoplex.restored"));
        register(GenerationAdapter.class, adapter, Map.of());
        register(SwapListener.class, events, Map.of());
        engine = service(SwapEngine.class);
        address = service(Listener.class).address();
        assertNotNull(service(Dispatcher.class));
        client = HttpClient.newHttpClient();
    }

    @After
    public void removeAll() throws Exception {
        for (UnitStatus unit : engine.units()) {
            engine.remove(unit.unit()).get(20, TimeUnit.SECONDS);
        }
        client.close();
        // Other classes use this framework, too.
        service(ConfigurationAdmin.class)
                .getConfiguration("com.espra.protoplex.swap", "?")
                .delete();
        while (!registered.isEmpty()) {
            registered.pop().unregister();
        }
    }

    final <T> void register(Class<T> type, T service, Map<String, Object> properties) {
        registered.push(context().registerService(type, service, new Hashtable<>(properties)));
    }

    final <T> T service(Class<T> type) throws InterruptedException {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context(), type, null);
        tracker.open();
        T service = tracker.waitForService(SOON.toMillis());
        assertNotNull("no service " + type.getName(), service);
        return service;
    }

    final void configure(String pid, Map<String, Object> properties) throws Exception {
        ConfigurationAdmin admin = service(ConfigurationAdmin.class);
        int tilde = pid.indexOf('~');
        (tilde < 0
                        ? admin.getConfiguration(pid, "?")
                        : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?"))
                .updateIfDifferent(new Hashtable<>(properties));
    }

    final Release release(String unit, String version, Path... jars) {
        return release(unit, version, Map.of(), jars);
    }

    final Release release(String unit, String version, Map<String, Map<String, Object>> configurations, Path... jars) {
        List<BundleFile> files = Arrays.stream(jars)
                .map(jar -> new BundleFile(jar.getFileName().toString(), jar))
                .toList();
        return new Release(
                unit,
                version,
                "digest-" + DIGESTS.incrementAndGet(),
                files,
                configurations,
                SOON.multipliedBy(4),
                SOON);
    }

    final Outcome swap(Release release) throws Exception {
        return engine.swap(release).get(60, TimeUnit.SECONDS);
    }

    final void swapDone(Release release) throws Exception {
        Outcome outcome = swap(release);
        assertTrue(outcome.toString(), outcome.done());
    }

    final Outcome swapRefused(Release release) throws Exception {
        Outcome outcome = swap(release);
        assertTrue("must be refused: " + outcome, !outcome.done());
        return outcome;
    }

    final String get(String path) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(address.resolve(path)).timeout(SOON).build(),
                HttpResponse.BodyHandlers.ofString());
        return response.statusCode() == 200 ? response.body() : "status " + response.statusCode();
    }

    final WebSocket talkTo(String path, WebSocket.Listener talker) {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + address.getAuthority() + path), talker)
                .join();
    }

    final CompletableFuture<HttpResponse<String>> begin(String path) {
        return client.sendAsync(
                HttpRequest.newBuilder(address.resolve(path)).timeout(SOON).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Bundles of generations that are installed now, and of the places of the next ones. */
    final List<String> allOfGenerations() {
        return Arrays.stream(context().getBundles())
                .map(Bundle::getLocation)
                .filter(location -> location.startsWith("app:"))
                .toList();
    }

    /** Bundles of generations that are installed now. A unit may have one place for the next one, an anchor alone: that one is left out. */
    final List<String> generationBundles() {
        List<String> bundles = new ArrayList<>(allOfGenerations());
        Map<String, String> places = new HashMap<>();
        for (String location : bundles) {
            String generation = location.substring(0, location.lastIndexOf(':') + 1);
            boolean alone = bundles.stream()
                            .filter(other -> other.startsWith(generation))
                            .count()
                    == 1;
            if (alone && location.endsWith(":anchor")) {
                // The newest: bundles come in the order of their installation.
                places.put(location.split(":")[1], location);
            }
        }
        bundles.removeAll(places.values());
        return List.copyOf(bundles);
    }

    /** A bundle that answers a path with an expression. */
    final TestBundle handler(String name, String version, String path, String expression) {
        return handler(name, version, path, "", expression);
    }

    /** The same with what stands before the method, such as a reference. */
    final TestBundle handler(String name, String version, String path, String members, String expression) {
        return TestBundle.named(name).version(version).source("""
                package %s;
                import java.nio.ByteBuffer;
                import org.eclipse.jetty.server.*;
                import org.eclipse.jetty.io.Content;
                import org.eclipse.jetty.util.Callback;
                import org.osgi.service.component.annotations.*;
                @Component(service = Handler.class, property = "protoplex.path=%s")
                public class Answer extends Handler.Abstract {
                    %s
                    @Override public boolean handle(Request request, Response response, Callback callback) throws Exception {
                        String text = %s;
                        Content.Sink.write(response, true, text, callback);
                        return true;
                    }
                }
                """.formatted(name, path, members, expression));
    }

    final void assertServes(String path, String expected) throws Exception {
        assertEquals(expected, get(path));
    }

    final void awaitLoad(String message, Await.Condition condition) {
        Await.until(message, SOON, condition);
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
