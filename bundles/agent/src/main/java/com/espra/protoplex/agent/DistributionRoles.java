package com.espra.protoplex.agent;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.make.UnsignedBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles that the distribution carries which this node runs from. Nobody has signed them: who can write there can write the kernel's
 * own bundles, too. See docs/decisions/0105.
 *
 * <p>Threads: safe from any.
 */
final class DistributionRoles {

    private static final Logger LOG = LoggerFactory.getLogger(DistributionRoles.class);

    private final Path folder;

    /** What was read, by role; a distribution does not change under a node that runs from it. */
    private final Map<String, Optional<Shipped>> read = new ConcurrentHashMap<>();

    /**
     * A build of the distribution.
     *
     * @param build what it is made of
     * @param digest its digest, which no signed build has
     */
    record Shipped(UnsignedBuild build, String digest) {

        String version() {
            return build.build().version();
        }
    }

    /** @param home the distribution */
    DistributionRoles(Path home) {
        folder = home.resolve("roles");
    }

    /** The build of a role, from {@code roles/NAME/NAME.json}; empty if the distribution has none that can be read. */
    Optional<Shipped> find(String role) {
        return read.computeIfAbsent(role, this::read);
    }

    private Optional<Shipped> read(String role) {
        Path feature = folder.resolve(role).resolve(role + ".json");
        if (!Files.isRegularFile(feature)) {
            return Optional.empty();
        }
        try {
            UnsignedBuild build = BuildMaker.unsigned(feature);
            if (!build.build().unit().equals(role)) {
                throw new BuildException(
                        feature + " is a build of " + build.build().unit(), "install the distribution again");
            }
            return Optional.of(new Shipped(build, build.digest()));
        } catch (IOException e) {
            LOG.error("the role {} of the distribution cannot be read: {}. Install it again", role, e.getMessage());
        } catch (BuildException e) {
            LOG.error("the role {} of the distribution is damaged: {}; {}", role, e.getMessage(), e.remedy());
        }
        return Optional.empty();
    }
}
