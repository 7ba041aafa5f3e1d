package com.espra.protoplex.seed.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a fleet is to come to a build.
 *
 * @param waves one after the other; the last one is {@link Wave#ALL}
 * @param bakeSeconds how long a wave is watched before the next one begins
 * @param maxUnavailable how many of the nodes may move or be away at a time
 * @param deadlineSeconds when all must be done, or all goes back; 0 for never
 * @param gate what is looked at
 */
public record RolloutPlan(
        List<Wave> waves, int bakeSeconds, Portion maxUnavailable, int deadlineSeconds, GateRule gate) {

    /** All at once. */
    public static final RolloutPlan AT_ONCE = simple(List.of(Wave.ALL));

    /** One node, and when that serves, all. */
    public static final RolloutPlan TRIAL = simple(List.of(Wave.ONE, Wave.ALL));

    /** How many waves there may be. */
    public static final int MOST_WAVES = 20;

    /** A week. */
    public static final int MOST_SECONDS = 7 * 24 * 3600;

    /** Keeps a copy. */
    @SuppressWarnings("NullAway") // what was saved may be of another version
    public RolloutPlan {
        waves = List.copyOf(waves);
        maxUnavailable = Objects.requireNonNullElse(maxUnavailable, Portion.ANY);
        gate = Objects.requireNonNullElse(gate, GateRule.OFF);
    }

    private static RolloutPlan simple(List<Wave> waves) {
        return new RolloutPlan(waves, 0, Portion.ANY, 0, GateRule.OFF);
    }

    /**
     * A plan that somebody asked for.
     *
     * @param words the waves, as {@link Wave#parse} reads them
     * @throws RolloutPlanException if it does not hold together
     */
    public static RolloutPlan of(
            List<String> words, int bakeSeconds, Portion maxUnavailable, int deadlineSeconds, GateRule gate)
            throws RolloutPlanException {
        if (words.isEmpty() || words.size() > MOST_WAVES) {
            throw new RolloutPlanException(
                    words.size() + " waves are " + (words.isEmpty() ? "none" : "too many"),
                    "name 1 to " + MOST_WAVES + ", such as canary,25%,100%");
        }
        List<Wave> waves = new ArrayList<>();
        for (String word : words) {
            waves.add(Wave.parse(word));
        }
        checkOrder(waves);
        checkSeconds("the bake time", bakeSeconds);
        checkSeconds("the deadline", deadlineSeconds);
        if (deadlineSeconds > 0 && (long) bakeSeconds * (waves.size() - 1) >= deadlineSeconds) {
            throw new RolloutPlanException(
                    "the bake times alone take " + (long) bakeSeconds * (waves.size() - 1) + " s, and the deadline is "
                            + deadlineSeconds + " s",
                    "allow more time, or leave the deadline out");
        }
        gate.check();
        return new RolloutPlan(waves, bakeSeconds, maxUnavailable, deadlineSeconds, gate);
    }

    private static void checkOrder(List<Wave> waves) throws RolloutPlanException {
        if (!waves.getLast().all()) {
            throw new RolloutPlanException(
                    "the waves end at " + waves.getLast().text() + ", and the other nodes would never move",
                    "end with 100%; `rollout pause` stops before it");
        }
        for (int i = 0; i < waves.size() - 1; i++) {
            Wave wave = waves.get(i);
            for (Wave later : waves.subList(i + 1, waves.size())) {
                boolean comparable = later.kind() == wave.kind() && wave.kind() != Wave.Kind.REGION;
                if (wave.all() || later.equals(wave) || (comparable && later.amount() <= wave.amount())) {
                    throw new RolloutPlanException(
                            "the wave " + later.text() + " after " + wave.text() + " adds nobody",
                            "let them grow, such as canary,25%,100%: each counts the nodes of those before it");
                }
            }
        }
    }

    private static void checkSeconds(String what, int seconds) throws RolloutPlanException {
        if (seconds < 0 || seconds > MOST_SECONDS) {
            throw new RolloutPlanException(
                    what + " of " + seconds + " s is out of range", "write up to " + MOST_SECONDS + " s, a week");
        }
    }

    /** With so many nodes that may move or be away at a time, if it says nothing of that. */
    public RolloutPlan orAtMost(int unavailable) {
        return maxUnavailable.amount() > 0
                ? this
                : new RolloutPlan(waves, bakeSeconds, new Portion(unavailable, false), deadlineSeconds, gate);
    }

    /** Whether it is the last wave. */
    public boolean ends(int wave) {
        return wave >= waves.size() - 1;
    }

    /** Whether somebody waits between waves, so that it matters when one has ended. */
    public boolean watches() {
        return bakeSeconds > 0 || gate.on();
    }

    /** The waves, for people. */
    public String text() {
        return String.join(",", waves.stream().map(Wave::text).toList());
    }
}
