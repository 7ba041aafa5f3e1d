package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What operators want to know of nodes themselves: a few questions at a time, each answered soon or not at all.
 *
 * <p>Threads: one thread calls it (see {@link com.espra.protoplex.seed.core.FleetLoop}); what it returns is completed there.
 */
public final class Questions {

    /** To all nodes together, and to one: an answer has hundreds of kilobytes. */
    static final int MOST = 32;

    static final int MOST_OF_A_NODE = 4;

    /** How long a node may take. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NodeRegistry nodes;
    private final Map<String, Asked> asked = new HashMap<>();
    private long last;

    private record Asked(String node, Instant until, CompletableFuture<LinkFrame.Answer> answer) {}

    public Questions(NodeRegistry nodes) {
        this.nodes = nodes;
    }

    /**
     * Asks a node.
     *
     * @return its answer; fails with a {@link FleetException} when it is away, or silent for too long
     * @throws FleetException if it cannot be asked
     */
    public CompletableFuture<LinkFrame.Answer> ask(
            String node, boolean understands, String what, Map<String, String> with, Instant now)
            throws FleetException {
        if (!nodes.known().containsKey(node)) {
            throw new FleetException(
                    Kind.NOT_FOUND, "there is no node " + node, "./protoplex nodes shows what there is");
        }
        NodeLink link = nodes.link(node).orElseThrow(() -> away(node));
        if (!understands) {
            throw new FleetException(
                    Kind.CONFLICT,
                    node + " is of a version of Protoplex that cannot be asked for its " + what,
                    "upgrade it: ./protoplex upgrade " + node);
        }
        long its =
                asked.values().stream().filter(each -> each.node().equals(node)).count();
        if (asked.size() >= MOST || its >= MOST_OF_A_NODE) {
            throw new FleetException(Kind.CONFLICT, "nodes are asked by too many at once", "try again in a moment");
        }
        String id = Long.toString(++last);
        CompletableFuture<LinkFrame.Answer> answer = new CompletableFuture<>();
        if (!link.send(new LinkFrame.Ask(id, what, with))) {
            throw away(node);
        }
        asked.put(id, new Asked(node, now.plus(PATIENCE), answer));
        return answer;
    }

    private static FleetException away(String node) {
        return new FleetException(
                Kind.CONFLICT, node + " is not connected", "./protoplex nodes shows when it is there");
    }

    /** A node answers. What nobody asked it for is nothing. */
    public void answered(String node, LinkFrame.Answer answer) {
        Asked question = asked.get(answer.id());
        if (question != null && question.node().equals(node)) {
            asked.remove(answer.id());
            question.answer().complete(answer);
        }
    }

    /** A link was lost. */
    public void left(String node) {
        asked.values()
                .removeIf(each -> each.node().equals(node) && each.answer().completeExceptionally(away(node)));
    }

    /** Time has passed. */
    public void tick(Instant now) {
        asked.values()
                .removeIf(each -> each.until().isBefore(now)
                        && each.answer()
                                .completeExceptionally(new FleetException(
                                        Kind.CONFLICT,
                                        each.node() + " has not answered for " + PATIENCE.toSeconds() + " s",
                                        "./protoplex nodes shows whether it is there")));
    }
}
