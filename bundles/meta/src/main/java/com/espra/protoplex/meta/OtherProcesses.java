package com.espra.protoplex.meta;

import com.espra.protoplex.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other processes of this node, as the host offers them (docs/processes.md). A node of one process has none. */
final class OtherProcesses {

    private static final Logger LOG = LoggerFactory.getLogger(OtherProcesses.class);
    private static final String CHILDREN = "(&(" + Peer.NAME + "=*)(" + Peer.GROUP + "=*))";
    private static final String HOST = "(" + Peer.NAME + "=" + Peer.HOST + ")";

    /** How long a scrape or a probe waits for a process that hangs. */
    private static final long PATIENCE_MILLIS = 1_000;

    private final BundleContext context;

    /**
     * What a process answered.
     *
     * @param name of the process
     * @param body empty when it did not answer in time
     */
    record Reply(String name, Map<String, Object> body) {

        boolean isThere() {
            return !body.isEmpty();
        }

        String text(String member) {
            return body.get(member) instanceof String text ? text : "";
        }

        boolean flag(String member) {
            return Boolean.TRUE.equals(body.get(member));
        }
    }

    OtherProcesses(BundleContext context) {
        this.context = context;
    }

    /** Asks all children at once. The replies are ordered by name; a child that is silent for a second has an empty one. */
    List<Reply> askChildren(String topic) {
        SortedMap<String, CompletableFuture<Map<String, Object>>> asked = new TreeMap<>();
        for (ServiceReference<Peer> child : references(CHILDREN)) {
            asked.put(String.valueOf(child.getProperty(Peer.NAME)), ask(child, topic));
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        List<Reply> replies = new ArrayList<>();
        asked.forEach((name, answer) -> replies.add(new Reply(name, await(name, answer, end))));
        return replies;
    }

    /** Asks the host. Empty unless this process is a parent. */
    Map<String, Object> askHost(String topic) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        return references(HOST).stream()
                .findFirst()
                .map(host -> await("host", ask(host, topic), end))
                .orElse(Map.of());
    }

    private List<ServiceReference<Peer>> references(String filter) {
        try {
            return new ArrayList<>(context.getServiceReferences(Peer.class, filter));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is a constant", e);
        }
    }

    private CompletableFuture<Map<String, Object>> ask(ServiceReference<Peer> reference, String topic) {
        Peer service = context.getService(reference);
        if (service == null) {
            return CompletableFuture.completedFuture(Map.of());
        }
        try {
            return service.ask(topic, Map.of());
        } finally {
            context.ungetService(reference);
        }
    }

    private static Map<String, Object> await(String name, CompletableFuture<Map<String, Object>> answer, long end) {
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} does not answer", name, e);
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }
}
