package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.build.JarInspection;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.fleet.store.BuildStore;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The builds that this Seed has, and which of them go when there are too many. */
public final class Catalog implements Builds {

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
    /** A build that has just come is about to be deployed. */
    private static final long FRESH_SECONDS = 3600;

    /** Before a purge, that is: somebody may push just now. */
    private static final long PUSHING_SECONDS = 60;

    /** Work on the way to a release does not push releases off the shelf. */
    private static final int KEEP_DEV = 3;

    private final BuildStore store;
    private final InstantSource clock;
    private final Map<String, Build> builds = new ConcurrentHashMap<>();
    private final Map<String, Instant> added = new ConcurrentHashMap<>();
    /** The digests of those that were offered again when they were here. */
    private final Set<String> again = ConcurrentHashMap.newKeySet();
    /** Symbolic names of bundles that were looked into, by sha256. */
    private final Map<String, String> names = new ConcurrentHashMap<>();

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
     * Reads which builds there are. What is damaged on the disk is deleted, and said in the log.
     *
     * @throws IOException if the disk cannot be read
     */
    public Catalog(BuildStore store, InstantSource clock) throws IOException {
        this.store = store;
        this.clock = clock;
        for (String digest : store.digests()) {
            store.get(digest).ifPresent(signed -> builds.put(digest, signed.build()));
        }
    }

    /** The files and manifests. */
    public BuildStore store() {
        return store;
    }

    /**
     * What is known of a unit when a build of it is offered.
     *
     * @param serves the digest of what should serve of the unit, which must be the same app; empty: anything may come
     * @param replaceable whether a build of this digest may make way for another one of its version: it has never served
     */
    public record Offer(String serves, Predicate<String> replaceable) {}

    /**
     * Takes a build whose author was checked. Looks into every jar of it that is new.
     *
     * @throws BuildException if a file of it is no bundle, is damaged, or would do harm, or it is another app of this name
     * @throws IOException if the disk fails
     */
    public Added add(SignedBuild signed, Offer offer) throws IOException, BuildException {
        Optional<Added> known = known(signed.build(), offer);
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
            JarInspection jar = JarInspection.inspect(store.content().file(file.sha256()), file.name());
            names.put(file.sha256(), jar.symbolicName());
        }
        requireSameApp(signed.build(), offer.serves());
        return keep(signed, offer);
    }

    /** Two bundles of two makers may end in the same word, which is what an app is called unless somebody says otherwise. */
    private void requireSameApp(Build build, String serves) throws IOException, BuildException {
        Build other = builds.get(ReleaseId.of(serves).build());
        if (other == null) {
            return;
        }
        Set<String> mine = names(build);
        Set<String> theirs = names(other);
        if (!mine.isEmpty() && !theirs.isEmpty() && Collections.disjoint(mine, theirs)) {
            throw new BuildException(
                    "the app " + build.unit() + " that serves is " + String.join(", ", theirs) + ", and this is "
                            + String.join(", ", mine),
                    "give it a name of its own: --app NAME; or, if it is to replace the other: --app " + build.unit());
        }
    }

    /** The symbolic names that give a build its name. */
    private Set<String> names(Build build) throws IOException, BuildException {
        Set<String> found = new TreeSet<>();
        for (Build.File file : build.bundles()) {
            if (!names.containsKey(file.sha256()) && store.content().has(file.sha256())) {
                JarInspection jar = JarInspection.inspect(store.content().file(file.sha256()), file.name());
                names.put(file.sha256(), jar.symbolicName());
            }
            String name = names.getOrDefault(file.sha256(), "");
            if (JarInspection.unit(name).equals(build.unit())) {
                found.add(name);
            }
        }
        return found;
    }

    private synchronized Added keep(SignedBuild signed, Offer offer) throws IOException, BuildException {
        Optional<Added> known = known(signed.build(), offer);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<String> refused = digest(signed.build().unit(), signed.build().version());
        if (refused.isPresent()) {
            builds.remove(refused.get());
            added.remove(refused.get());
            store.delete(refused.get());
        }
        added.put(signed.digest(), clock.instant());
        store.add(signed);
        builds.put(signed.digest(), signed.build());
        return new Added.New(signed.digest());
    }

    private synchronized Optional<Added> known(Build build, Offer offer) {
        Optional<String> known = digest(build.unit(), build.version());
        if (known.isEmpty()) {
            return Optional.empty();
        }
        if (sameContent(build, builds.get(known.get()))) {
            again.add(known.get());
            return Optional.of(new Added.Same(known.get()));
        }
        return offer.replaceable().test(known.get()) ? Optional.empty() : Optional.of(new Added.Other(known.get()));
    }

    /** Two manifests of the same content differ in when they were made. */
    private static boolean sameContent(Build one, @org.jspecify.annotations.Nullable Build other) {
        return other != null
                && hashes(one).equals(hashes(other))
                && one.configurations().equals(other.configurations())
                && one.readySeconds() == other.readySeconds()
                && one.drainSeconds() == other.drainSeconds()
                && one.dropRoutes() == other.dropRoutes();
    }

    private static List<String> hashes(Build build) {
        return build.bundles().stream().map(Build.File::sha256).toList();
    }

    @Override
    public Optional<Build> build(String release) {
        return Optional.ofNullable(builds.get(ReleaseId.of(release).build()));
    }

    @Override
    public Optional<String> digest(String unit, String version) {
        return builds.entrySet().stream()
                .filter(entry -> entry.getValue().unit().equals(unit)
                        && entry.getValue().version().equals(version))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public List<String> versions(String unit) {
        return builds.values().stream()
                .filter(build -> build.unit().equals(unit))
                .map(Build::version)
                .sorted(BuildOrder.ORDER.reversed())
                .toList();
    }

    /** All builds, by digest. */
    public Map<String, Build> all() {
        return Map.copyOf(builds);
    }

    /**
     * Deletes the oldest builds of each unit, and those that were refused, but none that is needed or has just come.
     *
     * @param needed digests that stay
     * @param refused whether a build of this digest was refused, and has never served
     * @param keep how many builds of each unit stay besides
     * @return how many were deleted
     * @throws IOException if the disk fails
     */
    public synchronized int collect(Set<String> needed, Predicate<String> refused, int keep) throws IOException {
        Instant now = clock.instant();
        added.values().removeIf(time -> time.isBefore(now.minusSeconds(FRESH_SECONDS)));
        Set<String> stay = new HashSet<>(needed);
        stay.addAll(added.keySet());
        Map<String, Integer> releases = new HashMap<>();
        Map<String, Integer> work = new HashMap<>();
        builds.entrySet().stream()
                .filter(entry -> !refused.test(entry.getKey()))
                .sorted(Comparator.comparing((Map.Entry<String, Build> entry) ->
                                entry.getValue().created())
                        .reversed())
                .forEach(entry -> {
                    Build build = entry.getValue();
                    boolean dev = BuildOrder.isDev(build.version());
                    int count = (dev ? work : releases).merge(build.unit(), 1, Integer::sum);
                    if (count <= (dev ? Math.min(keep, KEEP_DEV) : keep)) {
                        stay.add(entry.getKey());
                    }
                });
        return retain(stay, now);
    }

    /**
     * Deletes a build that somebody has only looked at, unless it has been offered more than once: somebody else may be about to push it.
     *
     * @param unwanted whether a build of this digest may go
     * @return whether it is gone
     * @throws IOException if the disk fails
     */
    public synchronized boolean drop(String digest, Predicate<String> unwanted) throws IOException {
        if (!builds.containsKey(digest) || again.contains(digest) || !unwanted.test(digest)) {
            return false;
        }
        builds.remove(digest);
        added.remove(digest);
        store.delete(digest);
        LOG.info("build {} was looked at, and is not kept", digest);
        return true;
    }

    /**
     * Deletes all builds that are not needed, but for those that somebody may be pushing just now.
     *
     * @param needed digests that stay
     * @return how many were deleted
     * @throws IOException if the disk fails
     */
    public synchronized int purge(Set<String> needed) throws IOException {
        Instant now = clock.instant();
        Set<String> stay = new HashSet<>(needed);
        added.forEach((digest, time) -> {
            if (time.isAfter(now.minusSeconds(PUSHING_SECONDS))) {
                stay.add(digest);
            }
        });
        return retain(stay, now);
    }

    /**
     * Deletes the values that no release needs; those that have just come stay.
     *
     * @param needed the digests of those that stay
     * @throws IOException if the disk fails
     */
    public void collectValues(Set<String> needed) throws IOException {
        store.values().retain(needed, clock.instant().minusSeconds(FRESH_SECONDS));
    }

    private int retain(Set<String> stay, Instant now) throws IOException {
        if (stay.containsAll(builds.keySet())) {
            return 0;
        }
        builds.keySet().retainAll(stay);
        added.keySet().retainAll(stay);
        again.retainAll(stay);
        int deleted = store.retain(stay, now);
        LOG.info("{} builds that nobody needs were deleted", deleted);
        return deleted;
    }
}
