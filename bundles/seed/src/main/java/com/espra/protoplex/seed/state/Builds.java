package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.build.Build;
import java.util.List;
import java.util.Optional;

/** The builds that the Seed has. */
public interface Builds {

    /** The build of this digest, or of the release, as {@link com.espra.protoplex.fleet.build.ReleaseId} writes it. */
    Optional<Build> build(String release);

    /** The digest of this version of a unit. */
    Optional<String> digest(String unit, String version);

    /** The versions of a unit, the newest first. */
    List<String> versions(String unit);
}
