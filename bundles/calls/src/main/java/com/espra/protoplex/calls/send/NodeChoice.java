package com.espra.protoplex.calls.send;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.calls.wire.Credentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * Which nodes a role is called on. What is known of a snapshot is worked out once for each role, and not at each call.
 *
 * <p>Threads: safe from any.
 */
public final class NodeChoice {

    /** Roles that are kept in mind for a snapshot: who asks for names that there are not fills no memory. */
    private static final int MOST_ROLES = 1000;

    private final String self;
    private final boolean child;
    private final Credentials credentials;
    private final RandomGenerator random;
    private volatile Known known = new Known(new FleetSnapshot(0, 0, Instant.EPOCH, Map.of()), false, Map.of());

    private record Known(FleetSnapshot snapshot, boolean certified, Map<String, List<List<FleetNode>>> roles) {}

    /**
     * A choice among all nodes but this one; and this one, if it has other processes.
     *
     * @param self the name of this one
     * @param child whether this process is a child: what it does not have another child may have, and that one is the nearest
     * @param credentials who can be called from here
     */
    public NodeChoice(String self, boolean child, Credentials credentials, RandomGenerator random) {
        this.self = self;
        this.child = child;
        this.credentials = credentials;
        this.random = random;
    }

    /**
     * The first two nodes to try, or one, or none. The first is the one of two, chosen by chance, that has fewer calls in flight.
     *
     * @param inFlight how many there are, by the name of the node
     */
    public List<FleetNode> choose(FleetSnapshot snapshot, String role, ToIntFunction<String> inFlight) {
        List<FleetNode> chosen = new ArrayList<>(2);
        for (List<FleetNode> tier : tiers(snapshot, role)) {
            List<FleetNode> two = two(tier);
            if (two.size() == 2
                    && inFlight.applyAsInt(two.get(0).name())
                            > inFlight.applyAsInt(two.get(1).name())) {
                Collections.swap(two, 0, 1);
            }
            for (FleetNode node : two) {
                if (chosen.size() < 2) {
                    chosen.add(node);
                }
            }
        }
        return chosen;
    }

    private List<FleetNode> two(List<FleetNode> tier) {
        List<FleetNode> two = new ArrayList<>(2);
        if (!tier.isEmpty()) {
            int first = random.nextInt(tier.size());
            two.add(tier.get(first));
            if (tier.size() > 1) {
                int step = 1 + random.nextInt(tier.size() - 1);
                two.add(tier.get((first + step) % tier.size()));
            }
        }
        return two;
    }

    @SuppressWarnings("ReferenceEquality") // It is the same snapshot, or worked out anew.
    private List<List<FleetNode>> tiers(FleetSnapshot snapshot, String role) {
        Known now = known;
        boolean certified = credentials.certificate().isPresent();
        if (now.snapshot() != snapshot || now.certified() != certified) {
            now = new Known(snapshot, certified, new ConcurrentHashMap<>());
            known = now;
        }
        List<List<FleetNode>> tiers = now.roles().get(role);
        if (tiers == null) {
            tiers = sorted(snapshot, role, certified);
            if (now.roles().size() < MOST_ROLES) {
                now.roles().put(role, tiers);
            }
        }
        return tiers;
    }

    /** Nobody who was asked to serve nothing new. This one's other processes; those that serve and are well; those that serve; those that should, or did when they were last heard of. */
    private List<List<FleetNode>> sorted(FleetSnapshot snapshot, String role, boolean certified) {
        List<FleetNode> own = new ArrayList<>();
        List<FleetNode> well = new ArrayList<>();
        List<FleetNode> there = new ArrayList<>();
        List<FleetNode> rest = new ArrayList<>();
        for (FleetNode node : snapshot.withRole(role)) {
            boolean mine = node.name().equals(self);
            boolean away = node.drained() && !mine;
            if (away || (mine && !child) || credentials.address(node, certified).isEmpty()) {
                continue;
            }
            FleetNode.ServedUnit unit = node.units().get(role);
            boolean serves = unit != null && !unit.version().isEmpty();
            if (serves && mine) {
                own.add(node);
            } else if (serves && node.isWell()) {
                well.add(node);
            } else if (serves && node.connected()) {
                there.add(node);
            } else {
                rest.add(node);
            }
        }
        return List.of(List.copyOf(own), List.copyOf(well), List.copyOf(there), List.copyOf(rest));
    }
}
