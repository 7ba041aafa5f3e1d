package com.espra.protoplex.agent;

import com.espra.protoplex.agent.fetch.UnitKeyFiles;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.config.UnitKey;
import com.espra.protoplex.fleet.config.UnitKeys;
import com.espra.protoplex.fleet.config.UnitValues;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.fleet.store.BuildStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The builds that this node has, as releases for the engine. */
final class LocalBuilds {

    private static final Logger LOG = LoggerFactory.getLogger(LocalBuilds.class);

    /** Values that are about to be deployed may have come before their release was accepted. */
    private static final Duration VALUES_FRESH = Duration.ofHours(1);

    private final BuildStore store;
    private final UnitKeyFiles keys;
    private final UnitSettings settings;
    private final DistributionRoles distribution;
    private final Supplier<Collection<String>> units;
    /** What was found in node.json and the environment, by unit. */
    private final Map<String, List<LinkFrame.Setting>> own = new ConcurrentHashMap<>();
    /** Shared by those who add to the store, so that nothing is thrown away which a build is just found to have. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    /** @param units the names of those that this node runs */
    LocalBuilds(
            BuildStore store,
            UnitKeyFiles keys,
            UnitSettings settings,
            DistributionRoles distribution,
            Supplier<Collection<String>> units) {
        this.store = store;
        this.keys = keys;
        this.settings = settings;
        this.distribution = distribution;
        this.units = units;
    }

    /** Held from before it is asked what is missing until the build is added. */
    Lock adding() {
        return use.readLock();
    }

    /**
     * A build that is here.
     *
     * @param values the digest of what it is configured with, which is here; empty for nothing
     * @param back whether it is older than what serves
     * @param proved see {@link Release}
     */
    Release release(SignedBuild signed, String values, boolean back, boolean proved)
            throws IOException, BuildException {
        return release(signed, values, back, proved, file -> store.content().file(file.sha256()));
    }

    private Release release(SignedBuild signed, String values, boolean back, boolean proved, UnitKeys.Files files)
            throws IOException, BuildException {
        return release(signed.build(), new ReleaseId(signed.digest(), values), files, back, proved);
    }

    /** A build of the distribution, as it stands: what an operator sets is for builds that were pushed. */
    Release shipped(DistributionRoles.Shipped shipped) throws IOException, BuildException {
        Map<String, Path> files = shipped.build().files();
        return release(
                shipped.build().build(),
                new ReleaseId(shipped.digest(), ""),
                file -> Objects.requireNonNull(files.get(file.sha256()), file.name()),
                true,
                true);
    }

    private Release release(Build build, ReleaseId id, UnitKeys.Files files, boolean back, boolean proved)
            throws IOException, BuildException {
        List<Release.BundleFile> bundles = new ArrayList<>();
        for (Build.File file : build.bundles()) {
            bundles.add(new Release.BundleFile(file.name(), files.of(file)));
        }
        return new Release(
                build.unit(),
                build.version(),
                id.toString(),
                bundles,
                properties(build, id.values(), files),
                Duration.ofSeconds(build.readySeconds()),
                Duration.ofSeconds(build.drainSeconds()),
                build.optionalComponents(),
                build.dropRoutes() || back || proved,
                proved,
                build.kind() == Build.Kind.ROLE ? Release.Kind.ROLE : Release.Kind.APP,
                build.takeOver(),
                build.offers(),
                build.placement() == Build.Placement.ONE ? Release.Placement.ONE : Release.Placement.EACH);
    }

    private Map<String, Map<String, Object>> properties(Build build, String digest, UnitKeys.Files files)
            throws IOException, BuildException {
        ReleaseProperties properties = new ReleaseProperties(build);
        boolean silent = settings.isSilent(build.unit());
        UnitKeys known = silent ? null : UnitKeys.of(build, files);
        List<LinkFrame.Setting> said = new ArrayList<>();
        if (known != null) {
            Map<UnitKey, Object> inFile = settings.inFile(build, known);
            properties.add(inFile);
            inFile.forEach((key, value) -> said.add(setting(build, key, value, false)));
        }
        if (!digest.isEmpty()) {
            UnitValues values = store.values()
                    .get(digest)
                    .filter(each -> each.unit().equals(build.unit()))
                    .orElseThrow(() -> new BuildException(
                            "what " + build.unit() + " is configured with (" + digest + ") is not in the store",
                            "set it again: ./protoplex config set"));
            properties.add(values, values.secrets().isEmpty() ? Optional.empty() : keys.seal(build.unit()));
        }
        if (known != null) {
            Map<UnitKey, Object> inEnvironment = settings.inEnvironment(build, known, units.get());
            properties.add(inEnvironment);
            inEnvironment.forEach((key, value) -> said.add(setting(build, key, value, true)));
        }
        own.put(build.unit(), List.copyOf(said));
        return properties.all();
    }

    private static LinkFrame.Setting setting(Build build, UnitKey key, Object value, boolean environment) {
        return new LinkFrame.Setting(build.unit(), key.pid(), key.name(), key.text(value), environment);
    }

    /** What this node says itself that its units are configured with. */
    List<LinkFrame.Setting> settings() {
        return own.values().stream()
                .flatMap(List::stream)
                .limit(LinkFrame.Setting.MOST)
                .toList();
    }

    /** The unit is gone from here, and so is what its secrets were sealed with. */
    void forgetKey(String unit) {
        own.remove(unit);
        try {
            keys.delete(unit);
        } catch (IOException e) {
            LOG.warn("the key of the secrets of {}, which is removed, cannot be deleted: {}", unit, e.getMessage());
        }
    }

    /**
     * A build that was proved when it came here. Its files are hashed again, for disks go bad; its author is not asked for again: who is
     * no longer trusted ships nothing new, but what serves goes on serving.
     *
     * <p>A file that the distribution has, too, is taken from there, where the JVM's cache of classes knows it (decision 114): the command
     * pushes the roles of the distribution, so after the first start they are pushed ones.
     */
    Release restored(String unit, String release) throws IOException, BuildException {
        ReleaseId id = ReleaseId.of(release);
        String digest = id.build();
        SignedBuild signed = store.get(digest)
                .orElseThrow(() -> new BuildException("build " + digest + " is not in the store", "push it again"));
        if (!signed.build().unit().equals(unit)) {
            throw new BuildException("build " + digest + " is not one of " + unit, "push it again");
        }
        for (Build.File file : signed.build().bundles()) {
            requireWhole(file);
        }
        Map<String, Path> shipped = signed.build().kind() == Build.Kind.ROLE
                ? distribution.find(unit).map(each -> each.build().files()).orElse(Map.of())
                : Map.of();
        return release(
                signed,
                id.values(),
                false,
                true,
                file -> shipped.getOrDefault(file.sha256(), store.content().file(file.sha256())));
    }

    /** The version of a release, as far as it is here. */
    Optional<String> version(String release) {
        String digest = ReleaseId.of(release).build();
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
            Instant now = Instant.now();
            Set<String> releases = kept.get();
            int deleted = store.retain(releases, now);
            store.values()
                    .retain(
                            releases.stream()
                                    .map(release -> ReleaseId.of(release).values())
                                    .collect(Collectors.toSet()),
                            now.minus(VALUES_FRESH));
            LOG.debug("{} builds deleted from the store", deleted);
        } catch (IOException e) {
            LOG.warn("the store of builds cannot be tidied, and grows: {}", e.getMessage());
        } finally {
            use.writeLock().unlock();
        }
    }
}
