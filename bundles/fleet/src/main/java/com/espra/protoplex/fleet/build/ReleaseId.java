package com.espra.protoplex.fleet.build;

/**
 * What a node runs of a unit, as it is compared and handed on: the digest of a build, and that of the values which configure it, if there are any. As
 * text {@code <build>} or {@code <build>+<values>}; empty for nothing.
 *
 * @param build the digest of the build
 * @param values the sha256 of the values; empty when there are none
 */
public record ReleaseId(String build, String values) {

    private static final char PLUS = '+';

    /** The parts of a text, whatever they are. */
    public static ReleaseId of(String text) {
        int plus = text.indexOf(PLUS);
        return plus < 0 ? new ReleaseId(text, "") : new ReleaseId(text.substring(0, plus), text.substring(plus + 1));
    }

    /** Whether both parts are what they must be. */
    public boolean isWellFormed() {
        return Sha256.isWellFormed(build) && (values.isEmpty() || Sha256.isWellFormed(values));
    }

    /** The same build with other values. */
    public ReleaseId with(String otherValues) {
        return new ReleaseId(build, otherValues);
    }

    @Override
    public String toString() {
        return values.isEmpty() ? build : build + PLUS + values;
    }
}
