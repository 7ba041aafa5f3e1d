package com.espra.protoplex.parent;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.parent.ConnectedChildren.Connected;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners that the children of a group have open, as services of the parent: while one child serves on the socket that the parent
 * holds, the listener is open.
 */
final class ServedListeners implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServedListeners.class);

    private final BundleContext context;
    private final Map<String, Set<String>> serving = new HashMap<>();
    private final Map<String, List<ServiceRegistration<?>>> services = new HashMap<>();

    private record Held(String name, String group, URI address, boolean isEverywhere) implements Listener {}

    ServedListeners(BundleContext context) {
        this.context = context;
    }

    /**
     * A child has its listeners open, as far as it can. Its like cannot do more: they have the same files and the same sockets.
     *
     * @param host what the host says of children and listeners
     * @param said what the child says
     */
    synchronized void serves(Connected child, Map<String, Object> host, Map<String, Object> said) {
        serving.computeIfAbsent(child.group(), missing -> new HashSet<>()).add(child.id());
        services.computeIfAbsent(child.group(), group -> register(group, host, failed(said)));
    }

    synchronized void gone(Connected child) {
        Set<String> members = serving.getOrDefault(child.group(), new HashSet<>());
        if (members.remove(child.id()) && members.isEmpty()) {
            unregister(services.remove(child.group()));
        }
    }

    private static Map<?, ?> failed(Map<String, Object> said) {
        return said.get(Topics.FAILED) instanceof Map<?, ?> failed ? failed : Map.of();
    }

    private List<ServiceRegistration<?>> register(String childGroup, Map<String, Object> host, Map<?, ?> failed) {
        if (!(host.get("listeners") instanceof List<?> listeners)) {
            LOG.error("the host does not say where its listeners are: this node's addresses are not known");
            return List.of();
        }
        List<ServiceRegistration<?>> registered = new ArrayList<>();
        for (Object each : listeners) {
            if (each instanceof Map<?, ?> listener && childGroup.equals(listener.get("children"))) {
                Held held = held(listener);
                Object reason = failed.get(held.name());
                registered.add(reason == null ? register(held) : missing(held.name(), String.valueOf(reason)));
            }
        }
        return registered;
    }

    private ServiceRegistration<NodeHealth> missing(String name, String reason) {
        NodeHealth.Health health = new NodeHealth.Health("DEGRADED", reason, "", Instant.EPOCH);
        return context.registerService(
                NodeHealth.class, () -> health, FrameworkUtil.asDictionary(Map.of(Listener.NAME, name)));
    }

    private ServiceRegistration<Listener> register(Held listener) {
        return context.registerService(
                Listener.class,
                listener,
                FrameworkUtil.asDictionary(Map.of(Listener.NAME, listener.name(), Dispatcher.GROUP, listener.group())));
    }

    private static Held held(Map<?, ?> listener) {
        String bound = String.valueOf(listener.get("host"));
        boolean everywhere = bound.equals("0.0.0.0") || bound.equals("::");
        String host = everywhere ? "localhost" : bound.indexOf(':') >= 0 ? "[" + bound + "]" : bound;
        boolean tls = Boolean.TRUE.equals(listener.get("tls"));
        String scheme = "stream".equals(listener.get("protocol")) ? tls ? "tls" : "tcp" : tls ? "https" : "http";
        return new Held(
                String.valueOf(listener.get("name")),
                String.valueOf(listener.get("group")),
                URI.create(scheme + "://" + host + ":" + listener.get("port")),
                everywhere);
    }

    private static void unregister(@Nullable List<ServiceRegistration<?>> registered) {
        if (registered != null) {
            registered.forEach(ServiceRegistration::unregister);
        }
    }

    @Override
    public synchronized void close() {
        services.values().forEach(ServedListeners::unregister);
        services.clear();
        serving.clear();
    }
}
