package com.espra.protoplex.agent.reconcile;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a node must not forget.
 *
 * @param format 1
 * @param fleet the fleet that this node belongs to; empty when nobody has told it yet
 * @param sequence the newest desired state that it has accepted; 0 when none
 * @param time when the Seed made it, in milliseconds since 1970
 * @param desired that state: unit to the digest of the build that should serve
 * @param seal the Seed's proof of all that, which this node cannot check
 * @param units what served last, by unit: what a restart brings up
 */
public record State(
        int format,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String fleet,
        long sequence,
        long time,
        Map<String, String> desired,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String seal,
        Map<String, Kept> units) {

    /** How many builds that served before the good one are kept, so that a return to them needs no download. */
    static final int PREVIOUS = 2;

    /** A node that has been told nothing yet. */
    public static final State NONE = new State(1, "", 0, 0, Map.of(), "", Map.of());

    /** Keeps copies, in the order of the units' names. */
    public State {
        desired = new TreeMap<>(desired);
        units = new TreeMap<>(units);
    }

    /**
     * The builds of a unit.
     *
     * @param good the build that served last
     * @param previous those that served before it, the newest first
     */
    public record Kept(String good, List<String> previous) {

        /** Keeps a copy. */
        public Kept {
            previous = List.copyOf(previous);
        }

        /** The good one, then the previous ones. */
        public List<String> all() {
            return Stream.concat(Stream.of(good), previous.stream()).toList();
        }
    }

    State accept(LinkFrame.Desired newer) {
        return new State(format, newer.fleet(), newer.sequence(), newer.time(), newer.units(), newer.seal(), units);
    }

    /** The desired state as it came. */
    LinkFrame.Desired accepted() {
        return new LinkFrame.Desired(fleet, sequence, time, desired, seal);
    }

    private State with(Map<String, Kept> changed) {
        return new State(format, fleet, sequence, time, desired, seal, changed);
    }

    /** The unit serves this build now. */
    State served(String unit, String digest) {
        Map<String, Kept> changed = new TreeMap<>(units);
        Kept before = units.get(unit);
        List<String> previous = before == null
                ? List.of()
                : before.all().stream()
                        .filter(other -> !other.equals(digest))
                        .limit(PREVIOUS)
                        .toList();
        changed.put(unit, new Kept(digest, previous));
        return with(changed);
    }

    State removed(String unit) {
        Map<String, Kept> changed = new TreeMap<>(units);
        changed.remove(unit);
        return with(changed);
    }

    /** Every build that may be needed without the network. */
    Set<String> digests() {
        Set<String> digests = new LinkedHashSet<>(desired.values());
        units.values().forEach(kept -> digests.addAll(kept.all()));
        return digests;
    }
}
