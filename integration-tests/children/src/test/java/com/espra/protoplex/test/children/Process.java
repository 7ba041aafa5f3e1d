package com.espra.protoplex.test.children;

import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.test.support.ExportedPackages;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.util.tracker.ServiceTracker;

/** A framework with the bundles of some features, in place of a process: what is asked of it travels as JSON, as it does between processes. */
final class Process {

    private static final Path DISTRIBUTION = Path.of(System.getProperty("distribution"));
    private static final long PATIENCE_MILLIS = 30_000;
    private static final int GENERATION_LEVEL = 10;
    private static final int TOP_LEVEL = 20;
    private static final String SLF4J = "org.slf4j;version=2.0.20,org.slf4j.event;version=2.0.20,"
            + "org.slf4j.helpers;version=2.0.20,org.slf4j.spi;version=2.0.20,"
            + "org.slf4j;version=1.7.36,org.slf4j.helpers;version=1.7.36,org.slf4j.spi;version=1.7.36,"
            + ExportedPackages.of(Peer.class);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();

    private final Framework framework;
    private final Set<CompletableFuture<?>> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean gone;

    /**
     * Makes it, with nothing started.
     *
     * @param services registers what its host offers
     */
    Process(Path cache, Map<String, String> properties, String packages, Consumer<BundleContext> services)
            throws Exception {
        Map<String, String> configuration = new HashMap<>(properties);
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(TOP_LEVEL));
        configuration.put(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, packages.isEmpty() ? SLF4J : SLF4J + "," + packages);
        configuration.put("felix.bootdelegation.implicit", "false");
        configuration.put("ds.loglevel", "1");
        framework = new FrameworkFactory().newFramework(configuration);
        framework.init();
        services.accept(framework.getBundleContext());
    }

    /** Starts the bundles of these features, but for those whose artifact has one of these names. */
    void start(List<String> features, Set<String> without) throws Exception {
        Map<Path, Integer> bundles = new HashMap<>();
        for (String feature : features) {
            JsonNode root = JSON.readTree(
                    DISTRIBUTION.resolve("features/" + feature + ".json").toFile());
            for (JsonNode bundle : root.path("bundles")) {
                String[] id = bundle.path("id").asText().split(":");
                if (!without.contains(id[1])) {
                    bundles.put(
                            DISTRIBUTION.resolve("bundles/" + id[1] + "-" + id[2] + ".jar"),
                            bundle.path("protoplex.start-level").asInt());
                }
            }
        }
        for (Map.Entry<Path, Integer> bundle : bundles.entrySet()) {
            Bundle installed =
                    context().installBundle("reference:" + bundle.getKey().toUri());
            installed.adapt(BundleStartLevel.class).setStartLevel(bundle.getValue());
            installed.start(Bundle.START_ACTIVATION_POLICY);
        }
        framework.start();
        framework.adapt(FrameworkStartLevel.class).setInitialBundleStartLevel(GENERATION_LEVEL);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Asks whoever answers this topic in there; it fails when the process ends before. */
    CompletableFuture<Map<String, Object>> ask(String topic, Map<String, Object> body) {
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        calls.add(answer);
        if (gone) {
            answer.completeExceptionally(new IOException("gone"));
        }
        Thread.ofVirtual().name("call-" + topic).start(() -> {
            try {
                handler(topic).ask(topic, carried(body)).whenComplete((given, failure) -> {
                    if (failure == null) {
                        answer.complete(carried(given));
                    } else {
                        answer.completeExceptionally(new IOException(String.valueOf(failure.getMessage())));
                    }
                });
            } catch (Exception e) {
                answer.completeExceptionally(new IOException(String.valueOf(e.getMessage())));
            }
        });
        return answer.whenComplete((given, failure) -> calls.remove(answer));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> carried(Map<String, Object> body) {
        try {
            return JSON.readValue(JSON.writeValueAsBytes(body), Map.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Peer handler(String topic) throws Exception {
        ServiceTracker<Peer, Peer> tracker = new ServiceTracker<>(
                context(),
                context()
                        .createFilter(
                                "(&(objectClass=" + Peer.class.getName() + ")(" + Peer.TOPIC + "=" + topic + "))"),
                null);
        tracker.open();
        try {
            Peer handler = tracker.waitForService(PATIENCE_MILLIS);
            if (handler == null) {
                throw new IOException("nobody answers '" + topic + "' here");
            }
            return handler;
        } finally {
            tracker.close();
        }
    }

    /** Nothing that was asked of it will be answered. */
    void cutOff() {
        gone = true;
        List.copyOf(calls).forEach(call -> call.completeExceptionally(new IOException("gone")));
    }

    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(PATIENCE_MILLIS);
    }
}
