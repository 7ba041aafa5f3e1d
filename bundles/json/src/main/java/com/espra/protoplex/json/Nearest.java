package com.espra.protoplex.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody meant who wrote a name that is not known: a key of a file, or a word of a command. */
public final class Nearest {

    private Nearest() {}

    /**
     * The known name that differs by the fewest slips: a letter too many, too few, or a wrong one, or two in the wrong order.
     *
     * @param most how many slips there may be
     * @return empty if none is as near
     */
    public static Optional<String> of(String name, Collection<String> known, int most) {
        return known.stream()
                .filter(candidate -> slips(candidate, name) <= most)
                .min(Comparator.comparingInt(candidate -> slips(candidate, name)));
    }

    /** The distance of Damerau and Levenshtein, each place touched once (optimal string alignment). */
    private static int slips(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = above;
            above = row;
        }
        return above[b.length()];
    }
}
