package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Has nodes look whether they could install a release. Nothing of it is remembered.
 *
 * <p>Threads: one calls it (see {@link FleetLoop}); what it gives may be waited for on any.
 */
public final class Rehearsals {

    /** A node may have to fetch the build. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int MOST = 16;
    private static final int MOST_KINDS = 16;

    private final NodeRegistry nodes;
    private final Map<String, Pending> pending = new HashMap<>();

    /** One, until all nodes have answered, or had their time. */
    private record Pending(
            Instant until,
            Set<String> open,
            Map<String, LinkFrame.Rehearsed> answers,
            CompletableFuture<Map<String, LinkFrame.Rehearsed>> all) {

        void answered(String node, LinkFrame.Rehearsed answer) {
            if (open.remove(node)) {
                answers.put(node, answer);
            }
            if (open.isEmpty()) {
                all.complete(Map.copyOf(answers));
            }
        }
    }

    public Rehearsals(NodeRegistry nodes) {
        this.nodes = nodes;
    }

    /**
     * Asks one node of each kind: of the same roles and the same version of Protoplex.
     *
     * @param candidates the nodes that it is for, in the order in which they are asked
     * @return completes with what each said
     * @throws FleetException if too many are under way
     */
    public CompletableFuture<Map<String, LinkFrame.Rehearsed>> begin(
            String unit, String release, List<String> candidates, Instant now) throws FleetException {
        if (pending.size() >= MOST) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT, MOST + " builds are being looked at already", "try again in a moment");
        }
        Map<String, String> kinds = new TreeMap<>();
        for (String name : candidates) {
            KnownNode node = nodes.known().get(name);
            if (node != null && kinds.size() < MOST_KINDS) {
                kinds.putIfAbsent(node.version() + " " + new java.util.TreeSet<>(node.roles()), name);
            }
        }
        String id = UUID.randomUUID().toString();
        Pending one = new Pending(
                now.plus(PATIENCE), new HashSet<>(kinds.values()), new HashMap<>(), new CompletableFuture<>());
        pending.put(id, one);
        for (String name : kinds.values()) {
            boolean sent = nodes.link(name)
                    .map(link -> link.send(new LinkFrame.Rehearse(id, unit, release)))
                    .orElse(false);
            if (!sent) {
                one.answered(name, LinkFrame.Rehearsed.unknown(id, "it could not be asked"));
            }
        }
        if (one.open().isEmpty()) {
            one.all().complete(Map.copyOf(one.answers()));
            pending.remove(id);
        }
        return one.all();
    }

    /** A node answers. */
    public void answered(String node, LinkFrame.Rehearsed answer) {
        Pending one = pending.get(answer.id());
        if (one != null) {
            one.answered(node, answer);
            pending.values().removeIf(each -> each.all().isDone());
        }
    }

    /** Who does not answer may be of a version that does not know the question. */
    public void tick(Instant now) {
        pending.forEach((id, one) -> {
            if (!now.isBefore(one.until())) {
                for (String node : List.copyOf(one.open())) {
                    one.answered(
                            node,
                            LinkFrame.Rehearsed.unknown(
                                    id, "no answer within " + PATIENCE.toSeconds() + " s; it may be of an older version"));
                }
            }
        });
        pending.values().removeIf(each -> each.all().isDone());
    }
}
