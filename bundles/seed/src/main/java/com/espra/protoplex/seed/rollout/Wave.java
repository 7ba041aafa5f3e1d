package com.espra.protoplex.seed.rollout;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of the fleet that moves before the next one does.
 *
 * @param kind how it is chosen
 * @param amount of {@link Kind#COUNT} how many nodes have it then, of {@link Kind#PERCENT} which share of them, with those of the waves
 *     before; else 0
 * @param region of {@link Kind#REGION}; else empty
 */
public record Wave(Kind kind, int amount, String region) {

    /** The last wave of each rollout. */
    public static final Wave ALL = new Wave(Kind.PERCENT, 100, "");

    /** One node. */
    public static final Wave ONE = new Wave(Kind.CANARY, 0, "");

    private static final int HUNDRED = 100;
    private static final int MOST_LETTERS = 64;
    private static final String CANARY = "canary";
    private static final String REGION = "region:";
    private static final Pattern NUMBER = Pattern.compile("([1-9][0-9]{0,5})(%?)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** How a wave is chosen. */
    public enum Kind {
        /** One node, rather not the Seed's. */
        CANARY,
        /** So many nodes. */
        COUNT,
        /** Such a share of the nodes, rounded up. */
        PERCENT,
        /** All nodes of a region. */
        REGION
    }

    /** Checks that nothing is missing. */
    @SuppressWarnings("NullAway") // what was saved may be of another version
    public Wave {
        Objects.requireNonNull(kind);
        region = Objects.requireNonNullElse(region, "");
    }

    /**
     * Reads one: {@code canary}, {@code 3}, {@code 25%} or {@code region:NAME}.
     *
     * @throws RolloutPlanException if it is none
     */
    public static Wave parse(String text) throws RolloutPlanException {
        String word = text.strip();
        Matcher number = NUMBER.matcher(word);
        if (word.equals(CANARY)) {
            return ONE;
        }
        if (number.matches()) {
            int amount = Integer.parseInt(number.group(1));
            boolean percent = !number.group(2).isEmpty();
            if (!percent || amount <= HUNDRED) {
                return new Wave(percent ? Kind.PERCENT : Kind.COUNT, amount, "");
            }
        }
        if (word.startsWith(REGION)
                && NAME.matcher(word.substring(REGION.length())).matches()) {
            return new Wave(Kind.REGION, 0, word.substring(REGION.length()));
        }
        String shown = word.length() <= MOST_LETTERS ? word : word.substring(0, MOST_LETTERS) + "...";
        throw new RolloutPlanException(
                "'" + shown + "' is no wave",
                "write canary, a number of nodes (3), a share of them (25%) or region:NAME");
    }

    /** Whether it is every node. */
    public boolean all() {
        return equals(ALL);
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return switch (kind) {
            case CANARY -> CANARY;
            case COUNT -> Integer.toString(amount);
            case PERCENT -> amount + "%";
            case REGION -> REGION + region;
        };
    }
}
