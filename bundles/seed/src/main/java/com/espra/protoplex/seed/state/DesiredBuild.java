package com.espra.protoplex.seed.state;

/**
 * A build that should serve, or nothing.
 *
 * @param version its version; empty: nothing should serve
 * @param digest its digest; empty: nothing should serve
 */
public record DesiredBuild(String version, String digest) {

    /** Nothing should serve. */
    public static final DesiredBuild NONE = new DesiredBuild("", "");

    /** Whether nothing should serve. */
    public boolean none() {
        return digest.isEmpty();
    }

    /** The unit at this version, for people. */
    public String of(String app) {
        return none() ? app : app + " " + version;
    }
}
