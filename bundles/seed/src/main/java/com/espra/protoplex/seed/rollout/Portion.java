package com.espra.protoplex.seed.rollout;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many nodes, or such a share of them.
 *
 * @param amount how many, or percent; 0 for as many as there are
 * @param percent which of the two
 */
public record Portion(int amount, boolean percent) {

    /** As many as there are. */
    public static final Portion ANY = new Portion(0, false);

    private static final int HUNDRED = 100;
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,5})(%?)");

    /**
     * Reads {@code 2} or {@code 10%}.
     *
     * @param what what it is, for people
     * @throws RolloutPlanException if it is neither
     */
    public static Portion parse(String text, String what) throws RolloutPlanException {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            Portion portion = new Portion(
                    Integer.parseInt(matcher.group(1)), !matcher.group(2).isEmpty());
            if (!portion.percent || portion.amount <= HUNDRED) {
                return portion;
            }
        }
        throw new RolloutPlanException(
                "'" + text + "' is no " + what, "write a number of nodes (2) or a share of them (10%), above 0");
    }

    /** How many that is of so many: of a share at least one. */
    public int of(int total) {
        if (amount == 0) {
            return Integer.MAX_VALUE;
        }
        return percent ? Math.max(1, (int) ((long) total * amount / HUNDRED)) : amount;
    }

    /** As {@link #parse} reads it; empty for as many as there are. */
    public String text() {
        return amount == 0 ? "" : amount + (percent ? "%" : "");
    }
}
