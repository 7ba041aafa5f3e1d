package com.espra.protoplex.fleet.make;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildManifest;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.build.JarInspection;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes signed builds of what an author has on disk: one bundle, several, a folder of bundles, or an OSGi feature
 * ({@code .json}, OSGi Compendium 8.1, chapter 159).
 *
 * <p>The name and the version of a build are those of its main bundle: the only one, the one that is named like the app, or the first
 * that is given by name. Its unit is the last segment of that bundle's symbolic name.
 */
public final class BuildMaker {

    /** How long a new generation may take until it is ready, unless told otherwise. */
    public static final int READY_SECONDS = 60;

    /** How long an old generation may take to end what it began, unless told otherwise. */
    public static final int DRAIN_SECONDS = 30;

    private final AuthorKey key;
    private final InstantSource clock;
    private final List<Path> repositories;

    /**
     * @param key signs the builds
     * @param clock the time
     * @param repositories folders in which the bundles of a feature are looked for, beside the feature's own folder: as in a Maven
     *     repository, or flat as {@code artifact-version.jar}
     */
    public BuildMaker(AuthorKey key, InstantSource clock, List<Path> repositories) {
        this.key = key;
        this.clock = clock;
        this.repositories = List.copyOf(repositories);
    }

    /**
     * What an author may say about a build.
     *
     * @param unit its name; empty: from the main bundle
     * @param version its version; empty: from the main bundle
     * @param readySeconds see {@link Build}
     * @param drainSeconds see {@link Build}
     * @param dropRoutes see {@link Build}
     */
    public record Wish(
            Optional<String> unit, Optional<String> version, int readySeconds, int drainSeconds, boolean dropRoutes) {

        /** One that keeps the routes. */
        public Wish(Optional<String> unit, Optional<String> version, int readySeconds, int drainSeconds) {
            this(unit, version, readySeconds, drainSeconds, false);
        }

        /** All as it comes. */
        public static final Wish NONE = new Wish(Optional.empty(), Optional.empty(), READY_SECONDS, DRAIN_SECONDS);
    }

    /**
     * A build that was made.
     *
     * @param signed the build
     * @param files where the content of its files is, by their sha256
     */
    public record Made(SignedBuild signed, Map<String, Path> files) {}

    /**
     * Makes a build.
     *
     * @param paths bundles, folders of bundles, or one feature
     * @throws BuildException if they cannot make a build
     * @throws IOException if one cannot be read
     */
    public Made make(List<Path> paths, Wish wish) throws IOException, BuildException {
        Optional<Path> feature = paths.stream().filter(BuildMaker::isFeature).findFirst();
        if (feature.isEmpty()) {
            return sign(assemble(
                    sources(paths),
                    wish,
                    Optional.empty(),
                    clock.instant(),
                    key.author().id()));
        }
        if (paths.size() > 1) {
            throw new BuildException(feature.get() + " is a feature, and is not alone", "push a feature by itself");
        }
        return sign(ofFeature(
                feature.get(), repositories, wish, clock.instant(), key.author().id()));
    }

    /**
     * Makes a build of a feature that nobody signs: what a distribution carries. It is the same whenever and wherever it is made.
     *
     * @param feature the feature; its bundles are beside it
     * @throws BuildException if it makes no build
     * @throws IOException if it cannot be read
     */
    public static UnsignedBuild unsigned(Path feature) throws IOException, BuildException {
        return ofFeature(feature, List.of(), Wish.NONE, Instant.EPOCH, UnsignedBuild.NOBODY);
    }

    private static UnsignedBuild ofFeature(
            Path feature, List<Path> repositories, Wish wish, Instant created, String author)
            throws IOException, BuildException {
        FeatureFile read = FeatureFile.read(feature, repositories);
        Wish named = new Wish(
                wish.unit().or(() -> Optional.of(JarInspection.unit(read.artifact()))),
                wish.version().or(() -> Optional.of(read.version())),
                wish.readySeconds(),
                wish.drainSeconds(),
                wish.dropRoutes());
        return assemble(sources(read.bundles()), named, Optional.of(read), created, author);
    }

    private Made sign(UnsignedBuild build) throws BuildException {
        return new Made(SignedBuild.sign(build.build(), key), build.files());
    }

    /** A bundle on disk. */
    private record Source(Path path, String name, JarInspection jar, boolean named) {}

    private static List<Source> sources(List<Path> paths) throws IOException, BuildException {
        List<Source> sources = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                sources.addAll(newest(path));
            } else if (Files.isRegularFile(path)) {
                sources.add(source(path, true));
            } else {
                throw new BuildException(
                        "there is no file " + path, "look at the path, or build it first: mvn package");
            }
        }
        if (sources.isEmpty()) {
            throw new BuildException("nothing to push was named", "name a bundle, a folder of bundles, or a feature");
        }
        return sources;
    }

    /** The bundles of a folder. A build's folder may hold several versions of one: the newest is meant. */
    private static Collection<Source> newest(Path folder) throws IOException, BuildException {
        Map<String, Source> newest = new LinkedHashMap<>();
        for (Path jar : jars(folder)) {
            Source source = source(jar, false);
            newest.merge(
                    source.jar().symbolicName(),
                    source,
                    (one, other) -> BuildOrder.ORDER.compare(
                                            one.jar().version(), other.jar().version())
                                    < 0
                            ? other
                            : one);
        }
        return newest.values();
    }

    private static Source source(Path path, boolean named) throws IOException, BuildException {
        String name = String.valueOf(path.getFileName());
        return new Source(path, name, JarInspection.inspect(path, path.toString()), named);
    }

    private static List<Path> jars(Path folder) throws IOException, BuildException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> jars = files.filter(file -> lowerName(file).endsWith(".jar"))
                    .filter(file -> !lowerName(file).matches(".*-(sources|javadoc|tests)\\.jar"))
                    .sorted()
                    .toList();
            if (jars.isEmpty()) {
                throw new BuildException("there is no jar in " + folder, "build it first, or name another folder");
            }
            return jars;
        }
    }

    private static UnsignedBuild assemble(
            List<Source> sources, Wish wish, Optional<FeatureFile> feature, Instant created, String author)
            throws IOException, BuildException {
        Map<String, Path> files = new LinkedHashMap<>();
        List<Build.File> bundles = new ArrayList<>();
        for (Source source : sources) {
            String sha256 = Sha256.of(source.path());
            if (files.put(sha256, source.path()) == null) {
                bundles.add(new Build.File(source.name(), sha256, Files.size(source.path())));
            }
        }
        boolean complete = feature.isPresent()
                || (wish.unit().isPresent() && wish.version().isPresent());
        Source main = complete ? sources.getFirst() : main(sources, wish);
        Build build = new Build(
                BuildManifest.FORMAT,
                wish.unit().orElseGet(() -> main.jar().unit()),
                wish.version().orElseGet(() -> main.jar().version()),
                created,
                author,
                bundles,
                feature.map(FeatureFile::configurations).orElse(Map.of()),
                wish.readySeconds(),
                wish.drainSeconds(),
                wish.dropRoutes(),
                feature.map(FeatureFile::optionalComponents).orElse(Set.of()),
                feature.map(FeatureFile::kind).orElse(Build.Kind.APP),
                feature.map(FeatureFile::takeOver).orElse(false),
                feature.map(FeatureFile::needs).orElse(Set.of()),
                feature.map(FeatureFile::offers).orElse(Set.of()),
                feature.map(FeatureFile::placement).orElse(Build.Placement.EACH));
        return new UnsignedBuild(build, files);
    }

    private static Source main(List<Source> sources, Wish wish) throws BuildException {
        List<Source> hosts =
                sources.stream().filter(source -> !source.jar().fragment()).toList();
        if (hosts.size() == 1) {
            return hosts.getFirst();
        }
        Optional<Source> alike = wish.unit()
                .flatMap(unit -> hosts.stream()
                        .filter(source -> source.jar().unit().equals(unit))
                        .findFirst());
        Optional<Source> main =
                alike.or(() -> hosts.stream().filter(Source::named).findFirst());
        return main.orElseThrow(
                () -> new BuildException(
                        "it is not clear which of these bundles the app is: "
                                + sources.stream().map(Source::name).toList(),
                        "name the main bundle first, before the folder, or say --app NAME, the last part of its symbolic name"));
    }

    private static boolean isFeature(Path path) {
        return lowerName(path).endsWith(".json");
    }

    private static String lowerName(Path path) {
        return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    }
}
