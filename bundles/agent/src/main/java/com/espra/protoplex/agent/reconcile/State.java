package com.espra.protoplex.agent.reconcile;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a node must not forget.
 *
 * @param format 1
 * @param fleet the fleet that this node belongs to; empty when nobody has told it yet
 * @param sequence the newest desired state that it has accepted; 0 when none
 * @param time when the Seed made it, in milliseconds since 1970
 * @param desired that state: unit to the digest of the build that should serve
 * @param words what that state says of units besides
 * @param roles what that state says of this node's roles
 * @param placed when an operator changed those, in milliseconds since 1970; 0 when nobody did
 * @param seal the Seed's proof of all that, which this node cannot check
 * @param units what served last, by unit: what a restart brings up
 * @param attempts the builds on trial, by unit: not proved yet on this node
 * @param refused the builds that ended this node, by unit, for as long as they are desired
 */
public record State(
        int format,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String fleet,
        long sequence,
        long time,
        Map<String, String> desired,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, LinkFrame.Word> words,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Set<String> roles,
        long placed,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String seal,
        Map<String, Kept> units,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, OnTrial> attempts,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, Refusal> refused) {

    /** How many builds that served before the good one are kept, so that a return to them needs no download. */
    static final int PREVIOUS = 2;

    /** A node that has been told nothing yet. */
    public static final State NONE =
            new State(1, "", 0, 0, Map.of(), Map.of(), Set.of(), 0, "", Map.of(), Map.of(), Map.of());

    /** Keeps copies, in the order of the units' names. */
    public State {
        desired = new TreeMap<>(desired);
        words = new TreeMap<>(words);
        roles = new TreeSet<>(roles);
        units = new TreeMap<>(units);
        attempts = new TreeMap<>(attempts);
        refused = new TreeMap<>(refused);
    }

    /**
     * A build that was never seen to serve well here. The mark is on the disk before any of its code runs, so that one that ends the
     * process ends it once: docs/decisions/0067.
     *
     * @param digest the build
     * @param running whether a process runs it: one that stops in order says that it does not
     * @param served whether it came to serve, and the Seed has been told
     * @param ends how many processes ended while it served on trial
     */
    public record OnTrial(String digest, boolean running, boolean served, int ends) {

        /** That it serves was acknowledged, so it stays unless it is known to have ended the process: {@code kill -9} may have done it. */
        private boolean isToBlame(boolean byItself) {
            return running && (!served || byItself);
        }

        private OnTrial again() {
            return new OnTrial(digest, true, served, running ? ends + 1 : ends);
        }
    }

    /**
     * A build that is not tried again.
     *
     * @param digest the build
     * @param reason why, for people
     * @param served whether it had come to serve here
     */
    public record Refusal(String digest, String reason, boolean served) {

        private static Refusal of(OnTrial attempt, String end) {
            return new Refusal(attempt.digest(), blame(attempt, end), attempt.served());
        }

        Ended ended() {
            return new Ended(served ? Ended.Kind.FATAL : Ended.Kind.FAILED, reason, Duration.ZERO);
        }
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

        private @Nullable Kept without(String digest) {
            List<String> left =
                    all().stream().filter(other -> !other.equals(digest)).toList();
            return left.isEmpty() ? null : new Kept(left.getFirst(), left.subList(1, left.size()));
        }
    }

    State accept(LinkFrame.Desired newer) {
        Map<String, Refusal> still = new TreeMap<>(refused);
        still.entrySet()
                .removeIf(
                        entry -> !entry.getValue().digest().equals(newer.units().get(entry.getKey())));
        return new State(
                format,
                newer.fleet(),
                newer.sequence(),
                newer.time(),
                newer.units(),
                newer.words(),
                newer.placed().roles(),
                newer.placed().changed(),
                newer.seal(),
                units,
                attempts,
                still);
    }

    /** The desired state as it came. */
    LinkFrame.Desired accepted() {
        return new LinkFrame.Desired(fleet, sequence, time, desired, words, new LinkFrame.Placed(roles, placed), seal);
    }

    private State with(Map<String, Kept> kept, Map<String, OnTrial> tried, Map<String, Refusal> not) {
        return new State(format, fleet, sequence, time, desired, words, roles, placed, seal, kept, tried, not);
    }

    /** Whether the build has served well here. */
    boolean isProved(String unit, String digest) {
        Kept kept = units.get(unit);
        return kept != null && kept.all().contains(digest) && !isOnTrial(unit, digest);
    }

    private boolean isOnTrial(String unit, String digest) {
        OnTrial attempt = attempts.get(unit);
        return attempt != null && attempt.digest().equals(digest);
    }

    /** Code of the build runs from now on. */
    State tries(String unit, String digest) {
        Map<String, OnTrial> changed = new TreeMap<>(attempts);
        changed.put(unit, new OnTrial(digest, true, false, 0));
        return with(units, changed, refused);
    }

    /** The trial of the build, if it is that one that is on trial, is over. */
    State tried(String unit, String digest) {
        if (!isOnTrial(unit, digest)) {
            return this;
        }
        Map<String, OnTrial> changed = new TreeMap<>(attempts);
        changed.remove(unit);
        return with(units, changed, refused);
    }

    /** This process stops in order. */
    State stopped() {
        Map<String, OnTrial> changed = new TreeMap<>(attempts);
        changed.replaceAll((unit, attempt) -> new OnTrial(attempt.digest(), false, attempt.served(), attempt.ends()));
        return with(units, changed, refused);
    }

    /** One of this node's children ended while the build served on trial. */
    State ended(String unit) {
        Map<String, OnTrial> changed = new TreeMap<>(attempts);
        changed.computeIfPresent(unit, (name, attempt) -> attempt.again());
        return with(units, changed, refused);
    }

    /** The build on trial ended this node's children. */
    State refuse(String unit, String end) {
        OnTrial attempt = Objects.requireNonNull(attempts.get(unit), "a build on trial");
        Map<String, Kept> good = new TreeMap<>(units);
        good.computeIfPresent(unit, (name, kept) -> kept.without(attempt.digest()));
        Map<String, Refusal> not = new TreeMap<>(refused);
        not.put(unit, Refusal.of(attempt, end));
        return with(good, tried(unit, attempt.digest()).attempts(), not);
    }

    /**
     * What a new process goes on with: builds that ended the last one are refused.
     *
     * @param end what the last process said of its own end; empty if nothing is known
     */
    State recovered(String end) {
        Map<String, Kept> good = new TreeMap<>(units);
        Map<String, OnTrial> again = new TreeMap<>();
        Map<String, Refusal> not = new TreeMap<>(refused);
        attempts.forEach((unit, attempt) -> {
            if (attempt.isToBlame(!end.isEmpty())) {
                not.put(unit, Refusal.of(attempt, end));
                good.computeIfPresent(unit, (name, kept) -> kept.without(attempt.digest()));
            } else if (attempt.served()) {
                again.put(unit, attempt.again());
            }
        });
        return with(good, again, not);
    }

    private static String blame(OnTrial attempt, String end) {
        return "a process of this node ended "
                + (attempt.served() ? "soon after this build came to serve" : "while it tried this build")
                + (end.isEmpty() ? "" : ": " + end)
                + ". It goes on with what served before. Mend the build and push the next version";
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
        Map<String, OnTrial> tried = new TreeMap<>(attempts);
        // Nothing but the one that serves is on trial.
        tried.computeIfPresent(
                unit,
                (name, attempt) ->
                        attempt.digest().equals(digest) ? new OnTrial(digest, true, true, attempt.ends()) : null);
        return with(changed, tried, refused);
    }

    State removed(String unit) {
        Map<String, Kept> changed = new TreeMap<>(units);
        changed.remove(unit);
        Map<String, OnTrial> tried = new TreeMap<>(attempts);
        tried.remove(unit);
        return with(changed, tried, refused);
    }

    /** Every build that may be needed without the network. */
    Set<String> digests() {
        Set<String> digests = new LinkedHashSet<>(desired.values());
        units.values().forEach(kept -> digests.addAll(kept.all()));
        return digests;
    }
}
