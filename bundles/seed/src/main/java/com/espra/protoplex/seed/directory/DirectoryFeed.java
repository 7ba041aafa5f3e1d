package com.espra.protoplex.seed.directory;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Tells the nodes of each other. What changed within a second is told at once, and all nodes together are told at most
 * {@value #BYTES_A_SECOND} bytes a second: each in its turn, so a fleet that starts or changes as a whole takes longer, and no more.
 *
 * <p>Threads: one thread calls it.
 */
public final class DirectoryFeed {

    /** To all nodes together. */
    static final int BYTES_A_SECOND = 16 << 20;

    /** To one node at a time: less than a frame may have. */
    static final int PART_BYTES = 256 << 10;

    /** What a row names of the routes of a node, so that it fits into a frame. */
    private static final int MAX_ROUTES = 2_000;

    private static final int MAX_ROUTE_LENGTH = 200;

    private final DirectoryLog log;
    private final Map<String, Seen> seen = new HashMap<>();
    /** Who was served last comes last. */
    private final Map<NodeLink, Place> followers = new LinkedHashMap<>();

    /** @param start when this Seed was started */
    public DirectoryFeed(Instant start) {
        log = new DirectoryLog(start);
    }

    private record Seen(KnownNode node, Set<String> roles, boolean drained) {}

    /**
     * Where a node stands.
     *
     * @param told whether it knows that it stands there
     */
    private record Place(long number, boolean told) {}

    /** A node wants to be told. */
    public void follow(NodeLink link, LinkFrame.Follow follow) {
        if (follow.number() >= 0) {
            followers.put(link, new Place(log.position(follow), false));
        }
    }

    /** A link has ended. */
    public void left(NodeLink link) {
        followers.remove(link);
    }

    /**
     * A second has passed.
     *
     * @param nodes all nodes
     * @param roles the roles of each
     * @param drained whether the one of that name is to serve nothing new
     */
    public void tick(
            Map<String, KnownNode> nodes,
            Function<KnownNode, Set<String>> roles,
            Predicate<String> drained,
            Instant now) {
        note(nodes, roles, drained);
        int left = BYTES_A_SECOND;
        for (NodeLink link : List.copyOf(followers.keySet())) {
            Place place = followers.getOrDefault(link, new Place(log.head(), true));
            if (left <= 0) {
                return;
            }
            if (place.told() && place.number() == log.head()) {
                continue;
            }
            LinkFrame.Directory part = log.after(place.number(), PART_BYTES, now);
            if (link.send(part)) {
                left -= DirectoryLog.bytes(part.rows());
                followers.remove(link);
                followers.put(link, new Place(part.number(), true));
            }
        }
    }

    @SuppressWarnings(
            "ReferenceEquality") // A node that changes is another object: to compare what it runs would take longer.
    private void note(Map<String, KnownNode> nodes, Function<KnownNode, Set<String>> roles, Predicate<String> drained) {
        nodes.forEach((name, node) -> {
            Set<String> now = roles.apply(node);
            Seen before = seen.get(name);
            boolean drains = drained.test(name);
            boolean isSame = before != null
                    && before.node() == node
                    && before.drained() == drains
                    && before.roles().equals(now);
            if (!isSame) {
                seen.put(name, new Seen(node, now, drains));
                log.put(row(node, now, drains));
            }
        });
        List<String> forgotten =
                seen.keySet().stream().filter(name -> !nodes.containsKey(name)).toList();
        for (String name : forgotten) {
            seen.remove(name);
            log.put(LinkFrame.Row.gone(name));
        }
    }

    private static LinkFrame.Row row(KnownNode node, Set<String> roles, boolean drained) {
        List<LinkFrame.Unit> units = new ArrayList<>();
        int left = MAX_ROUTES;
        for (LinkFrame.Unit unit : node.units()) {
            List<String> routes = unit.routes().stream()
                    .filter(route -> route.length() <= MAX_ROUTE_LENGTH)
                    .limit(left)
                    .toList();
            left -= routes.size();
            units.add(new LinkFrame.Unit(unit.unit(), unit.version(), "", routes, 0));
        }
        return new LinkFrame.Row(
                node.node(),
                false,
                node.region(),
                roles,
                node.connected(),
                node.since().toEpochMilli(),
                node.health().state(),
                node.addresses(),
                units,
                drained);
    }
}
