package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The generations of a unit on this node. Children count theirs each for itself, so the node has names of its own: a digest is one
 * generation, in however many children it is.
 */
final class NodeGenerations {

    /** The phase that a generation is in when its children are in several, the one that matters most first. */
    private static final List<Phase> PHASES =
            List.of(Phase.STARTING, Phase.LIVE, Phase.DRAINING, Phase.RESTING, Phase.REMOVED);

    private final String unit;
    private final Map<String, Known> byDigest = new LinkedHashMap<>();
    private long number;

    private record Known(String version, long number) {}

    NodeGenerations(String unit) {
        this.unit = unit;
    }

    /** Names it, unless it has a name. */
    void add(String digest, String version) {
        byDigest.computeIfAbsent(digest, missing -> new Known(version, ++number));
    }

    /** The newest generation of a version; empty when there is none. */
    String ofVersion(String version) {
        return byDigest.values().stream()
                .filter(known -> known.version().equals(version))
                .max(Comparator.comparingLong(Known::number))
                .map(this::id)
                .orElse("");
    }

    private String id(Known known) {
        return unit + "-" + known.number();
    }

    /**
     * The state of the unit, made of those of the children.
     *
     * @param decided the digest of what serves; empty when nothing does
     * @param wanted digests that keep their names though no child has them yet
     * @return empty when no child has any generation of it
     */
    Optional<UnitStatus> merge(Collection<UnitStatus> children, String decided, Set<String> wanted) {
        Map<String, List<GenerationStatus>> parts = new LinkedHashMap<>();
        for (UnitStatus child : children) {
            for (GenerationStatus generation : child.generations()) {
                add(generation.digest(), generation.version());
                parts.computeIfAbsent(generation.digest(), missing -> new ArrayList<>())
                        .add(generation);
            }
        }
        byDigest.keySet().removeIf(digest -> !parts.containsKey(digest) && !wanted.contains(digest));
        List<GenerationStatus> merged = new ArrayList<>();
        String live = "";
        for (Map.Entry<String, Known> known : byDigest.entrySet()) {
            List<GenerationStatus> same = parts.get(known.getKey());
            if (same != null) {
                GenerationStatus one =
                        merge(id(known.getValue()), same, known.getKey().equals(decided));
                live = one.phase() == Phase.LIVE ? one.id() : live;
                merged.add(one);
            }
        }
        return merged.isEmpty() ? Optional.empty() : Optional.of(new UnitStatus(unit, live, merged.reversed()));
    }

    private static GenerationStatus merge(String id, List<GenerationStatus> parts, boolean decided) {
        Phase phase = phase(parts, decided);
        GenerationStatus first =
                parts.stream().filter(part -> part.phase() == phase).findFirst().orElse(parts.getFirst());
        Instant since = parts.stream()
                .filter(part -> part.phase() == phase)
                .map(GenerationStatus::since)
                .min(Comparator.naturalOrder())
                .orElse(first.since());
        return new GenerationStatus(
                id,
                first.version(),
                first.digest(),
                phase,
                since,
                parts.stream().mapToLong(GenerationStatus::inFlight).sum(),
                parts.stream().mapToLong(GenerationStatus::served).sum(),
                first.routes(),
                first.bundles());
    }

    /**
     * What is decided is live, though some children may have moved on to what is being decided; nothing else is, though some children may
     * serve it already.
     */
    private static Phase phase(List<GenerationStatus> parts, boolean decided) {
        Phase most = PHASES.stream()
                .filter(phase -> parts.stream().anyMatch(part -> part.phase() == phase))
                .findFirst()
                .orElse(Phase.REMOVED);
        if (decided) {
            return most == Phase.REMOVED || parts.stream().allMatch(part -> part.phase() == Phase.STARTING)
                    ? most
                    : Phase.LIVE;
        }
        return most == Phase.LIVE ? Phase.STARTING : most;
    }
}
