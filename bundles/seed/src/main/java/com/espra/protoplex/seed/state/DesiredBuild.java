package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.build.ReleaseId;

/**
 * A build that should serve, perhaps with values that configure it, or nothing.
 *
 * @param version its version; empty: nothing should serve
 * @param digest the release, as {@link ReleaseId} writes it: its digest alone, if nothing configures it; empty: nothing should serve
 */
public record DesiredBuild(String version, String digest) {

    /** Nothing should serve. */
    public static final DesiredBuild NONE = new DesiredBuild("", "");

    /** Whether nothing should serve. */
    public boolean none() {
        return digest.isEmpty();
    }

    /** The digest of the build alone. */
    public String build() {
        return ReleaseId.of(digest).build();
    }

    /** The sha256 of the values that configure it; empty when nothing does. */
    public String values() {
        return ReleaseId.of(digest).values();
    }

    /** The same build with other values. */
    public DesiredBuild with(String values) {
        return none()
                ? this
                : new DesiredBuild(version, ReleaseId.of(digest).with(values).toString());
    }

    /** The unit at this version, for people. */
    public String of(String app) {
        return none() ? app : app + " " + version;
    }
}
