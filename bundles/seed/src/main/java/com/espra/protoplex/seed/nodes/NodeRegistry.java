package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Who is there. One thread changes it; {@link #known} may be read from any. */
public final class NodeRegistry {

    public static final Duration PING_EVERY = Duration.ofSeconds(5);
    public static final Duration SILENCE = Duration.ofSeconds(15);

    /** How many nodes are remembered: all of them are in each state that is saved. */
    public static final int MAX_KNOWN = 10_000;

    /** How many of them may be away and never have run anything: their names may be made up. */
    public static final int MAX_IDLE = 1_000;

    private static final String SEED_ROLE = "seed";

    private final Map<String, KnownNode> known;
    private final Map<String, NodeLink> links = new HashMap<>();
    private final IdentityHashMap<NodeLink, String> names = new IdentityHashMap<>();
    /** Those of the connected that are of a version which understands builds alone, and no values for them. */
    private final Set<String> buildsOnly = new HashSet<>();

    private final Newcomers newcomers;
    private final Arrivals arrivals;
    private Instant pinged = Instant.MIN;
    private boolean dirty;

    public NodeRegistry(Map<String, KnownNode> remembered, Instant now) {
        known = new ConcurrentHashMap<>();
        newcomers = new Newcomers(now);
        arrivals = new Arrivals(now);
        remembered.forEach((name, node) -> known.put(name, node.away(now)));
    }

    /** All nodes, by name: a view, which changes with them. */
    public Map<String, KnownNode> known() {
        return Collections.unmodifiableMap(known);
    }

    /** Whether a node came, went or changed since this was asked last. */
    public boolean changed() {
        boolean was = dirty;
        dirty = false;
        return was;
    }

    public void unsaved() {
        dirty = true;
    }

    /**
     * Makes room for one more node, if it is not known: of those that are away and ran nothing, the one that is away longest is forgotten.
     *
     * @return false if there is none, and as many are known as may be
     */
    public boolean makeRoom(String name) {
        if (known.containsKey(name)) {
            return true;
        }
        List<KnownNode> idle = known.values().stream()
                .filter(node -> !node.connected() && node.units().isEmpty())
                .toList();
        if (idle.size() >= MAX_IDLE || known.size() >= MAX_KNOWN) {
            idle.stream().min(Comparator.comparing(KnownNode::since)).ifPresent(node -> known.remove(node.node()));
        }
        return known.size() < MAX_KNOWN;
    }

    /** Whether so many new nodes have come in so short a time that this one has to come again. */
    public boolean isTooSoon(String name, Instant now) {
        return !known.containsKey(name) && !newcomers.admit(now);
    }

    /** How long one more node has to wait until it is let in; zero: it need not. */
    public Duration patience(Instant now) {
        return arrivals.admit(now);
    }

    public KnownNode join(NodeLink link, LinkFrame.Hello hello, Instant now) {
        NodeLink older = links.put(hello.node(), link);
        if (older != null) {
            names.remove(older);
            older.close(Closing.REPLACED, "a newer link of " + hello.node() + " is there");
        }
        names.put(link, hello.node());
        if (hello.configures()) {
            buildsOnly.remove(hello.node());
        } else {
            buildsOnly.add(hello.node());
        }
        KnownNode node = KnownNode.of(hello, now);
        known.put(hello.node(), node);
        dirty = true;
        return node;
    }

    /** The name behind a link; empty when it has none yet, or was replaced. */
    public Optional<String> name(NodeLink link) {
        return Optional.ofNullable(names.get(link));
    }

    public Optional<String> leave(NodeLink link, Instant now) {
        String name = names.remove(link);
        if (name == null) {
            return Optional.empty();
        }
        links.remove(name, link);
        buildsOnly.remove(name);
        update(name, node -> node.away(now));
        dirty = true;
        return Optional.of(name);
    }

    public void update(String name, UnaryOperator<KnownNode> change) {
        known.computeIfPresent(name, (key, node) -> change.apply(node));
    }

    /**
     * A node that is gone for good.
     *
     * @return what was known of it
     * @throws FleetException if there is no such node, or it is connected
     */
    public KnownNode forget(String name) throws FleetException {
        KnownNode node = known.get(name);
        if (node == null) {
            throw new FleetException(
                    FleetException.Kind.NOT_FOUND, "there is no node " + name, "./protoplex nodes shows what there is");
        }
        requireAway(name);
        known.remove(name);
        return node;
    }

    /**
     * Makes sure that a node has no link; it need not be known.
     *
     * @throws FleetException if it is connected
     */
    public void requireAway(String name) throws FleetException {
        if (links.containsKey(name)) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    name + " is connected, and would be back at once",
                    "stop it first; ./protoplex nodes shows when it is away");
        }
    }

    /** It is remembered after all. */
    public void remember(KnownNode node) {
        known.put(node.node(), node);
    }

    /** What a node could not do for this unit is no longer asked of it. */
    public void forgetProblems(String unit) {
        known.replaceAll((name, node) -> node.withProblem(unit, ""));
    }

    /** Whether the target is what serves the unit there. */
    public boolean serves(String name, String unit, DesiredBuild target) {
        KnownNode node = known.get(name);
        return node != null && node.serves(unit).digest().equals(target.digest());
    }

    /** The connected nodes of which this is so, by name. */
    public List<String> connected(Predicate<KnownNode> which) {
        List<String> nodes = new ArrayList<>();
        for (String name : links.keySet()) {
            KnownNode node = known.get(name);
            if (node != null && which.test(node)) {
                nodes.add(name);
            }
        }
        return nodes;
    }

    /** Those of these nodes that cannot be configured from here, for they are of an older version. */
    public List<String> withoutConfiguration(Collection<String> names) {
        return names.stream().filter(buildsOnly::contains).sorted().toList();
    }

    /** In the order in which nodes try a build: by name, but rather not first the one that runs the Seed as well. */
    public List<String> inOrder(Collection<String> names) {
        Comparator<String> seedLast = Comparator.comparing(name -> {
            KnownNode node = known.get(name);
            return node != null && node.roles().contains(SEED_ROLE);
        });
        return names.stream().sorted(seedLast.thenComparing(name -> name)).toList();
    }

    public boolean isConnected(String name) {
        return links.containsKey(name);
    }

    public Optional<NodeLink> link(String name) {
        return Optional.ofNullable(links.get(name));
    }

    public Collection<NodeLink> links() {
        return List.copyOf(links.values());
    }

    /** Asks everybody for a sign of life in turn. */
    public void ping(Instant now) {
        if (pinged.isBefore(now.minus(PING_EVERY))) {
            pinged = now;
            links.values().forEach(NodeLink::ping);
        }
    }

    /** The links that nothing has come from for too long. */
    public List<NodeLink> silent(Instant now) {
        Instant limit = now.minus(SILENCE);
        return links.values().stream()
                .filter(link -> link.heard().isBefore(limit))
                .toList();
    }
}
