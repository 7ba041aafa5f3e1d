package com.espra.protoplex.host.node;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.launch.Distribution.Kind;
import com.espra.protoplex.host.process.supervise.ChildId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Children that are alike: the same roles, the same listeners.
 *
 * @param name {@link #SERVING} or {@link #SINGLE}
 * @param roles what they do
 * @param kind what their roles ask of a process
 * @param children how many there are
 * @param always whether they are there from the start, or when a unit needs them
 */
record ChildGroup(String name, List<String> roles, Kind kind, int children, boolean always) {

    /** The group that serves the public listeners. */
    static final String SERVING = "serving";

    /** The one process of units that are placed in one, and of the host's roles that may run once. */
    static final String SINGLE = "single";

    private static final Set<String> SHOWN = Set.of("seed.tokenFile", "seed.certificate", "seed.key", "seed.authority");

    private static final String FLEET_LISTENER = "calls-of-the-fleet";
    private static final String SEED_LISTENERS = "seed";

    /** Work that computes is spread by threads; a second process keeps a node serving while the first is replaced. */
    private static final int THREADED_CHILDREN = 2;

    private static final Set<String> PARENTS_OWN = Set.of("shell", "trust");

    /**
     * The groups that a node can have. The one that serves is always there, so that apps can be pushed to any node.
     *
     * @throws StartException if a role has no name for one
     */
    static List<ChildGroup> of(NodeConfiguration configuration, Distribution distribution) throws StartException {
        List<String> serving = new ArrayList<>();
        List<String> single = new ArrayList<>();
        Kind kind = Kind.EVENTS;
        for (String role : configuration.texts("roles")) {
            Kind its = distribution.kind(role);
            (its == Kind.SINGLE ? single : serving).add(role);
            if (its == Kind.THREADS) {
                kind = Kind.THREADS;
            }
        }
        if (serving.isEmpty()) {
            kind = Kind.THREADS;
        }
        int cores = kind == Kind.EVENTS ? Runtime.getRuntime().availableProcessors() : THREADED_CHILDREN;
        List<ChildGroup> groups = new ArrayList<>();
        groups.add(new ChildGroup(
                SERVING,
                Distribution.withAdapter(serving),
                kind,
                Math.max(1, configuration.count("children", cores)),
                true));
        boolean always = !single.isEmpty() || !listeners(configuration, true).isEmpty();
        groups.add(new ChildGroup(SINGLE, Distribution.withAdapter(single), Kind.SINGLE, 1, always));
        return groups;
    }

    /** The listeners that its children accept from. */
    List<String> listeners(NodeConfiguration node) {
        return listeners(node, isExclusive());
    }

    private static List<String> listeners(NodeConfiguration node, boolean exclusive) {
        List<String> listeners = new ArrayList<>(node.publicListeners(exclusive));
        if (exclusive) {
            listeners.addAll(node.listeners(SEED_LISTENERS));
        }
        return listeners;
    }

    boolean isExclusive() {
        return kind == Kind.SINGLE;
    }

    /** The name by which all others know a child of this group. */
    String nameOf(ChildId child) {
        return name + "-" + child.slot() + "." + child.number();
    }

    /** The name of what stays when one child of a slot follows another, such as the log. */
    String slotName(ChildId child) {
        return name + "-" + child.slot();
    }

    /** What of the node's configuration is theirs. */
    NodeConfiguration configuration(NodeConfiguration node) {
        Set<String> listeners = Set.copyOf(listeners(node));
        NodeConfiguration own = forKind(node).keep(path -> switch (first(path)) {
            case "listeners" -> listeners.contains(listener(path));
            case "seedServer", "trust" -> false;
            // Its roles call those of other nodes, and show what the node has. The link to the Seed is the parent's.
            case "seed" -> SHOWN.contains(path);
            default -> !PARENTS_OWN.contains(first(path));
        });
        return withFleet(own).withElsewhere(!isExclusive(), node);
    }

    /** Calls of other nodes come to the parent, which hands them to a child: over a listener of the child's own, of this machine alone. */
    private static NodeConfiguration withFleet(NodeConfiguration own) {
        String listener = "listeners." + FLEET_LISTENER + ".";
        return own.with(listener + "group", "fleet")
                .with(listener + "host", "127.0.0.1")
                .with(listener + "port", 0L);
    }

    /** Roles that wait for events are served by few threads, whatever is configured for the others. */
    NodeConfiguration forKind(NodeConfiguration node) {
        return kind == Kind.EVENTS ? node.with("limits.kind", "events") : node;
    }

    /** What of the node's configuration is the parent's. */
    static NodeConfiguration parents(NodeConfiguration node, List<ChildGroup> groups) {
        Predicate<String> handedOut = listener ->
                groups.stream().anyMatch(group -> group.listeners(node).contains(listener));
        return node.keep(path -> !first(path).equals("listeners") || !handedOut.test(listener(path)));
    }

    private static String first(String path) {
        return path.split("\\.", 2)[0];
    }

    private static String listener(String path) {
        return path.split("\\.")[1];
    }
}
