package com.espra.protoplex.agent.status;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code status.json} whenever something in it changes. Readers see it whole; it need not outlive a loss of power, since the
 * process that it is about does not either.
 */
@Component(
        service = NodeStatus.class,
        immediate = true,
        configurationPid = "com.espra.protoplex.node",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class NodeStatus {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStatus.class);

    private final Path file;
    private final String name;
    private final Set<String> listeners;
    private final String version;
    private final String startedAt = Status.processStart().toString();
    private final Map<String, String> addresses = new TreeMap<>();
    private final Set<String> everywhere = new TreeSet<>();
    private final Map<String, String> problems = new TreeMap<>();
    private String seed = "";
    private boolean restored;
    private boolean stopping;
    private Runnable changed = () -> {};

    /** The node, as it is configured. */
    @interface Config {
        String name();

        String[] listeners() default {};
    }

    @Activate
    public NodeStatus(BundleContext context, Config config) {
        this(
                config.name(),
                Set.of(config.listeners()),
                context.getBundle().getVersion().toString(),
                Path.of(String.valueOf(context.getProperty("protoplex.data"))).resolve("status.json"));
    }

    /** @param listeners the names of those that are open when the node serves, whichever of its processes opens them */
    NodeStatus(String name, Set<String> listeners, String version, Path file) {
        this.name = name;
        this.listeners = listeners;
        this.version = version;
        this.file = file;
        write();
    }

    @Reference(service = Listener.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(Listener listener) {
        change(() -> {
            addresses.put(listener.name(), listener.address().toString());
            if (listener.isEverywhere()) {
                everywhere.add(listener.name());
            } else {
                everywhere.remove(listener.name());
            }
        });
    }

    void unbind(Listener listener) {
        change(() -> addresses.remove(listener.name(), listener.address().toString()));
    }

    /** A listener that cannot be opened: it is not waited for. */
    @Reference(
            service = NodeHealth.class,
            target = "(" + Listener.NAME + "=*)",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bindMissing(NodeHealth missing, Map<String, Object> properties) {
        change(() -> problems.put(
                String.valueOf(properties.get(Listener.NAME)), missing.now().reason()));
    }

    void unbindMissing(NodeHealth missing, Map<String, Object> properties) {
        change(() -> problems.remove(String.valueOf(properties.get(Listener.NAME))));
    }

    /** Every unit of the last known state has been tried. */
    public void restored() {
        change(() -> restored = true);
    }

    /** The node is on its way down; nothing changes that. */
    @Deactivate
    public void stopping() {
        change(() -> stopping = true);
    }

    /** The link to the Seed is there, or why it is not. */
    public synchronized void link(String trouble) {
        seed = trouble.isEmpty() ? Status.LINKED : trouble;
        write();
    }

    /** The open listeners: name to URL. */
    public synchronized Map<String, String> addresses() {
        return Map.copyOf(addresses);
    }

    /** Those of the open listeners that are bound to every address of the machine. */
    public synchronized Set<String> everywhere() {
        return Set.copyOf(everywhere);
    }

    /** Whether there should be a listener of this name, open or not. */
    public boolean expects(String listener) {
        return listeners.contains(listener);
    }

    /** Whether every listener of the configuration is open, or cannot be. */
    public synchronized boolean isOpen() {
        return missing().isEmpty();
    }

    private Set<String> missing() {
        Set<String> missing = new TreeSet<>(listeners);
        missing.removeAll(addresses.keySet());
        missing.removeAll(problems.keySet());
        return missing;
    }

    /** The version of Protoplex. */
    public String version() {
        return version;
    }

    /** Calls this, from any thread, after every change of the listeners. */
    public synchronized void onChange(Runnable listener) {
        changed = listener;
    }

    private void change(Runnable change) {
        Runnable listener;
        synchronized (this) {
            change.run();
            write();
            listener = changed;
        }
        listener.run();
    }

    private synchronized void write() {
        try {
            Disk.publish(file, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(status()));
        } catch (IOException e) {
            LOG.error(
                    "{} cannot be written; who waits for this node does not see that it is {}",
                    file,
                    status().phase(),
                    e);
        }
    }

    /** What the file says. */
    public synchronized Status status() {
        Set<String> waitingFor = missing();
        if (!restored) {
            waitingFor.add("units");
        }
        String phase = stopping ? Status.STOPPING : waitingFor.isEmpty() ? Status.SERVING : Status.STARTING;
        return new Status(
                ProcessHandle.current().pid(),
                phase,
                name,
                version,
                startedAt,
                addresses,
                problems,
                stopping ? Set.of() : waitingFor,
                seed);
    }
}
