package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.KnownNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Has nodes look whether they could install a release. Nothing of it is remembered.
 *
 * <p>Threads: one calls it (see {@link com.espra.protoplex.seed.core.FleetLoop}); what it gives may be waited for on any.
 */
public final class Rehearsals {

    private static final int MOST_KINDS = 16;

    private Rehearsals() {}

    /** Asks a node. */
    @FunctionalInterface
    public interface Asking {

        /**
         * Asks it.
         *
         * @throws FleetException if it cannot be asked
         */
        CompletableFuture<LinkFrame.Answer> ask(String node, String what, Map<String, String> with)
                throws FleetException;
    }

    /**
     * What a node found.
     *
     * @param state {@code passed}, {@code refused} or {@code unknown}
     * @param reason what is missing, or why it cannot tell
     */
    public record Found(String state, String reason) {

        private static Found of(LinkFrame.Answer answer) {
            Optional<LinkFrame.Part> part = answer.parts().stream().findFirst();
            boolean known = part.map(LinkFrame.Part::name)
                    .filter(List.of("passed", "refused")::contains)
                    .isPresent();
            return known
                    ? new Found(part.orElseThrow().name(), part.orElseThrow().text())
                    : unknown(answer.problem());
        }

        private static Found unknown(String why) {
            return new Found("unknown", why);
        }
    }

    /**
     * Asks one node of each kind: of the same roles and the same version of Protoplex.
     *
     * @param candidates the nodes that it is for, in the order in which they are asked
     * @return completes with what each said, by name; it does not fail
     */
    public static CompletableFuture<Map<String, Found>> begin(
            String unit, String release, List<KnownNode> candidates, Asking asking) {
        Map<String, String> kinds = new TreeMap<>();
        for (KnownNode node : candidates) {
            if (kinds.size() < MOST_KINDS) {
                kinds.putIfAbsent(node.version() + " " + new TreeSet<>(node.roles()), node.node());
            }
        }
        Map<String, CompletableFuture<Found>> asked = new HashMap<>();
        kinds.values().forEach(node -> asked.put(node, ask(node, unit, release, asking)));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> {
                    Map<String, Found> found = new TreeMap<>();
                    asked.forEach((node, answer) -> found.put(node, answer.join()));
                    return found;
                });
    }

    private static CompletableFuture<Found> ask(String node, String unit, String release, Asking asking) {
        try {
            return asking.ask(node, LinkFrame.Ask.REHEARSAL, Map.of("unit", unit, "digest", release))
                    .thenApply(Found::of)
                    .exceptionally(failure -> Found.unknown(reason(failure)));
        } catch (FleetException e) {
            return CompletableFuture.completedFuture(Found.unknown(String.valueOf(e.getMessage())));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }
}
