package com.espra.protoplex.agent;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.build.TypedProperties;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.fleet.store.BuildStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The builds that this node has, as releases for the engine. */
final class LocalBuilds {

    private static final Logger LOG = LoggerFactory.getLogger(LocalBuilds.class);

    private final BuildStore store;
    /** Shared by those who add to the store, so that nothing is thrown away which a build is just found to have. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    LocalBuilds(BuildStore store) {
        this.store = store;
    }

    /** Held from before it is asked what is missing until the build is added. */
    Lock adding() {
        return use.readLock();
    }

    /**
     * A build that is here.
     *
     * @param back whether it is older than what serves
     * @param proved see {@link Release}
     */
    Release release(SignedBuild signed, boolean back, boolean proved) throws IOException, BuildException {
        Build build = signed.build();
        List<Release.BundleFile> bundles = new ArrayList<>();
        for (Build.File file : build.bundles()) {
            bundles.add(new Release.BundleFile(file.name(), store.content().file(file.sha256())));
        }
        return new Release(
                build.unit(),
                build.version(),
                signed.digest(),
                bundles,
                typed(build),
                Duration.ofSeconds(build.readySeconds()),
                Duration.ofSeconds(build.drainSeconds()),
                build.optionalComponents(),
                build.dropRoutes() || back || proved,
                proved,
                build.kind() == Build.Kind.ROLE ? Release.Kind.ROLE : Release.Kind.APP,
                build.takeOver(),
                build.offers());
    }

    private static Map<String, Map<String, Object>> typed(Build build) throws BuildException {
        Map<String, Map<String, Object>> typed = new LinkedHashMap<>();
        for (Map.Entry<String, Map<String, Object>> each :
                build.configurations().entrySet()) {
            typed.put(each.getKey(), TypedProperties.of(each.getKey(), each.getValue()));
        }
        return typed;
    }

    /**
     * A build that was proved when it came here. Its files are hashed again, for disks go bad; its author is not asked for again: who is
     * no longer trusted ships nothing new, but what serves goes on serving.
     */
    Release restored(String unit, String digest) throws IOException, BuildException {
        SignedBuild signed = store.get(digest)
                .orElseThrow(() -> new BuildException("build " + digest + " is not in the store", "push it again"));
        if (!signed.build().unit().equals(unit)) {
            throw new BuildException("build " + digest + " is not one of " + unit, "push it again");
        }
        for (Build.File file : signed.build().bundles()) {
            requireWhole(file);
        }
        return release(signed, false, true);
    }

    /** The version of a build, as far as it is here. */
    Optional<String> version(String digest) {
        try {
            return Sha256.isWellFormed(digest)
                    ? store.get(digest).map(signed -> signed.build().version())
                    : Optional.empty();
        } catch (IOException e) {
            LOG.warn("build {} cannot be read: {}", digest, e.getMessage());
            return Optional.empty();
        }
    }

    private void requireWhole(Build.File file) throws IOException, BuildException {
        Path path = store.content().file(file.sha256());
        if (!store.content().proves(file.sha256())) {
            throw new BuildException(
                    path + " (" + file.name() + ") was damaged on the disk", "push it again, and check the disk");
        }
    }

    /** Deletes what nobody keeps, unless something is being added just now: then the next time will do. */
    void collect(Supplier<Set<String>> kept) {
        if (!use.writeLock().tryLock()) {
            return;
        }
        try {
            int deleted = store.retain(kept.get(), Instant.now());
            LOG.debug("{} builds deleted from the store", deleted);
        } catch (IOException e) {
            LOG.warn("the store of builds cannot be tidied, and grows: {}", e.getMessage());
        } finally {
            use.writeLock().unlock();
        }
    }
}
