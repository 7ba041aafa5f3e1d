package com.espra.protoplex.seed.rollout;

import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * How far a fleet has come to a build. While it goes on wave by wave, some nodes are ahead of the fleet: they are told of the build, and
 * what the fleet should run stays what it was, until the last wave has begun.
 *
 * @param plan what was asked for
 * @param state where it is
 * @param wave the number of the wave that it is in, from 0
 * @param ahead the nodes that were told of the build, while others were not; empty once all are
 * @param all whether every node is told
 * @param baking since when the nodes of the wave have served; {@link Instant#EPOCH} while they have not
 * @param word what its gate said last, for people; may be empty
 */
public record Rollout(
        RolloutPlan plan, RolloutState state, int wave, Set<String> ahead, boolean all, Instant baking, String word) {

    /** Keeps a copy. */
    @SuppressWarnings("NullAway") // what was saved may be of another version
    public Rollout {
        ahead = Set.copyOf(ahead);
        baking = Objects.requireNonNullElse(baking, Instant.EPOCH);
        word = Objects.requireNonNullElse(word, "");
    }

    /** Nobody has heard of it. */
    public static Rollout begin(RolloutPlan plan) {
        return new Rollout(plan, RolloutState.MOVING, 0, Set.of(), false, Instant.EPOCH, "");
    }

    /**
     * One that was saved before there were waves.
     *
     * @param trial the node that tried the build before the others; empty when all had heard
     */
    public static Rollout before(String trial, RolloutState state) {
        return trial.isEmpty()
                ? new Rollout(RolloutPlan.AT_ONCE, state, 0, Set.of(), true, Instant.EPOCH, "")
                : new Rollout(RolloutPlan.TRIAL, state, 0, Set.of(trial), false, Instant.EPOCH, "");
    }

    /** Whether the node is told of the build. */
    public boolean tells(String node) {
        return all || ahead.contains(node);
    }

    /** Whether it is in its last wave. */
    public boolean last() {
        return plan.ends(wave);
    }

    /** The node that is alone with it; empty when none is. */
    public String alone() {
        return !all && ahead.size() == 1 ? ahead.iterator().next() : "";
    }

    /** The first of those ahead by name; empty when nobody is, or all are told. */
    public String first() {
        return all ? "" : ahead.stream().min(String::compareTo).orElse("");
    }

    /** For people: {@code wave 2 of 3 (25%)}. */
    public String where() {
        return "wave " + (wave + 1) + " of " + plan.waves().size() + " ("
                + plan.waves().get(wave).text() + ")";
    }

    /** These hear of it, too. */
    public Rollout telling(Set<String> nodes) {
        Set<String> next = new HashSet<>(ahead);
        next.addAll(nodes);
        return new Rollout(plan, state, wave, next, all, baking, word);
    }

    /** Everybody hears of it. */
    public Rollout tellingAll() {
        return new Rollout(plan, state, plan.waves().size() - 1, Set.of(), true, baking, word);
    }

    /** In another state. A pause begins the bake time anew. */
    public Rollout in(RolloutState next) {
        Instant since = next == RolloutState.PAUSED ? Instant.EPOCH : baking;
        return new Rollout(plan, next, wave, ahead, all, since, word);
    }

    /** When the nodes of the wave serve; since when they do is known already, if it goes on after a restart. */
    public Rollout served(Instant now) {
        return new Rollout(
                plan, RolloutState.BAKING, wave, ahead, all, baking.equals(Instant.EPOCH) ? now : baking, word);
    }

    /** In a later wave. */
    public Rollout atWave(int next) {
        return new Rollout(plan, RolloutState.MOVING, next, ahead, all, Instant.EPOCH, "");
    }

    /** After a restart: that nodes serve has to be shown again. By a clock that was ahead then it would bake until that time comes. */
    public Rollout resumed(Instant now) {
        boolean watched = state == RolloutState.BAKING || state == RolloutState.HELD;
        Instant since = baking.isAfter(now) ? now : baking;
        return watched ? new Rollout(plan, RolloutState.MOVING, wave, ahead, all, since, word) : this;
    }

    /** With what its gate said. */
    public Rollout saying(String newWord) {
        return new Rollout(plan, state, wave, ahead, all, baking, newWord);
    }

    /** When it has ended: who was told when no longer matters. */
    public Rollout ended(RolloutState end) {
        return new Rollout(plan, end, wave, Set.of(), all, Instant.EPOCH, word);
    }

    /** Whether the bake time of its wave is over. */
    public boolean baked(Instant now) {
        return !now.isBefore(baking.plusSeconds(plan.bakeSeconds()));
    }
}
