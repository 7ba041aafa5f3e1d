package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.JarInspection;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.fleet.store.BuildStore;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The builds that this Seed has, and which of them go when there are too many. */
public final class Catalog implements Builds {

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
    /** A build that has just come is about to be deployed. */
    private static final long FRESH_SECONDS = 3600;

    private final BuildStore store;
    private final InstantSource clock;
    private final Map<String, Build> builds = new ConcurrentHashMap<>();
    private final Map<String, Instant> added = new ConcurrentHashMap<>();

    /** What came of a build that was offered. */
    public sealed interface Added {

        /** It is here now. */
        record New(String digest) implements Added {}

        /** A build with the same content was here already. */
        record Same(String digest) implements Added {}

        /** Its version is here with other content. */
        record Other(String digest) implements Added {}

        /** These files of it are not here, or not with the size that it names. */
        record Missing(List<Build.File> files) implements Added {}
    }

    /**
     * Reads which builds there are. What is damaged on the disk is left out, and said in the log.
     *
     * @throws IOException if the disk cannot be read
     */
    public Catalog(BuildStore store, InstantSource clock) throws IOException {
        this.store = store;
        this.clock = clock;
        for (String digest : store.digests()) {
            try {
                store.get(digest).ifPresent(signed -> builds.put(digest, signed.build()));
            } catch (BuildException e) {
                LOG.warn("build {} is left out: {}; {}", digest, e.getMessage(), e.remedy());
            }
        }
    }

    /** The files and manifests. */
    public BuildStore store() {
        return store;
    }

    /**
     * Takes a build whose author was checked. Looks into every jar of it that is new.
     *
     * @throws BuildException if a file of it is no bundle, is damaged, or would do harm
     * @throws IOException if the disk fails
     */
    public Added add(SignedBuild signed) throws IOException, BuildException {
        Optional<Added> known = known(signed.build());
        if (known.isPresent()) {
            return known.get();
        }
        List<Build.File> missing = new ArrayList<>();
        for (Build.File file : signed.build().bundles()) {
            if (!store.content().has(file.sha256()) || store.content().received(file.sha256()) != file.size()) {
                missing.add(file);
            }
        }
        if (!missing.isEmpty()) {
            return new Added.Missing(missing);
        }
        for (Build.File file : signed.build().bundles()) {
            JarInspection.inspect(store.content().file(file.sha256()), file.name());
        }
        return keep(signed);
    }

    private synchronized Added keep(SignedBuild signed) throws IOException, BuildException {
        Optional<Added> known = known(signed.build());
        if (known.isPresent()) {
            return known.get();
        }
        added.put(signed.digest(), clock.instant());
        store.add(signed);
        builds.put(signed.digest(), signed.build());
        return new Added.New(signed.digest());
    }

    private Optional<Added> known(Build build) {
        return digest(build.unit(), build.version())
                .map(digest ->
                        sameContent(build, builds.get(digest)) ? new Added.Same(digest) : new Added.Other(digest));
    }

    /** Two manifests of the same content differ in when they were made. */
    private static boolean sameContent(Build one, @org.jspecify.annotations.Nullable Build other) {
        return other != null
                && hashes(one).equals(hashes(other))
                && one.configurations().equals(other.configurations())
                && one.readySeconds() == other.readySeconds()
                && one.drainSeconds() == other.drainSeconds();
    }

    private static List<String> hashes(Build build) {
        return build.bundles().stream().map(Build.File::sha256).toList();
    }

    @Override
    public Optional<Build> build(String digest) {
        return Optional.ofNullable(builds.get(digest));
    }

    @Override
    public Optional<String> digest(String unit, String version) {
        return builds.entrySet().stream()
                .filter(entry -> entry.getValue().unit().equals(unit)
                        && entry.getValue().version().equals(version))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** All builds, by digest. */
    public Map<String, Build> all() {
        return Map.copyOf(builds);
    }

    /**
     * Deletes the oldest builds of each unit, but none that is needed or has just come.
     *
     * @param needed digests that stay
     * @param keep how many builds of each unit stay besides
     * @return how many were deleted
     * @throws IOException if the disk fails
     */
    public synchronized int collect(Set<String> needed, int keep) throws IOException, BuildException {
        Instant now = clock.instant();
        added.values().removeIf(time -> time.isBefore(now.minusSeconds(FRESH_SECONDS)));
        Map<String, List<String>> units = new HashMap<>();
        builds.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Build> entry) ->
                                entry.getValue().created())
                        .reversed())
                .forEach(entry -> units.computeIfAbsent(entry.getValue().unit(), unit -> new ArrayList<>())
                        .add(entry.getKey()));
        Set<String> stay = new HashSet<>(needed);
        stay.addAll(added.keySet());
        units.values().forEach(digests -> stay.addAll(digests.subList(0, Math.min(keep, digests.size()))));
        if (stay.containsAll(builds.keySet())) {
            return 0;
        }
        builds.keySet().retainAll(stay);
        int deleted = store.retain(stay, now);
        LOG.info("{} old builds were deleted", deleted);
        return deleted;
    }
}
