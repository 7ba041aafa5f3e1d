package com.espra.protoplex.fleet.make;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildManifest;
import java.nio.file.Path;
import java.util.Map;

/**
 * A build that has no author.
 *
 * @param build the build; its author is {@link #NOBODY}, and its time 1970
 * @param files where the content of its files is, by their sha256
 */
public record UnsignedBuild(Build build, Map<String, Path> files) {

    /** The key id that no key has. */
    public static final String NOBODY = "0000000000000000";

    /** Keeps a copy. */
    public UnsignedBuild {
        files = Map.copyOf(files);
    }

    /**
     * Its digest. No signed build has the same one.
     *
     * @throws BuildException if the build is not as {@link Build} says it must be
     */
    public String digest() throws BuildException {
        return BuildManifest.digest(BuildManifest.write(build));
    }

    /** Whether the other build is this one, but for who signed it and when. */
    public boolean isContentOf(Build other) {
        return build.equals(new Build(
                other.format(),
                other.unit(),
                other.version(),
                build.created(),
                build.author(),
                other.bundles(),
                other.configurations(),
                other.readySeconds(),
                other.drainSeconds(),
                other.dropRoutes(),
                other.optionalComponents(),
                other.kind(),
                other.takeOver(),
                other.needs(),
                other.offers(),
                other.placement()));
    }
}
