package com.espra.protoplex.seed.change;

import com.espra.protoplex.fleet.build.Build;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What would change from one build to another: lines for people, each with {@code +}, {@code -} or {@code ~} before it. Of each kind no more
 * than {@link #MOST} are named.
 *
 * @param bundles the bundles
 * @param configuration the keys that the builds set, as {@code pid/name}
 * @param routes the routes that components declare
 * @param assets the files that are not classes
 */
public record BuildChanges(List<String> bundles, List<String> configuration, List<String> routes, List<String> assets) {

    /** How many lines there are of each kind at the most; the last one says how many more. */
    public static final int MOST = 50;

    /** Where the content of a sha256 is. */
    @FunctionalInterface
    public interface Contents {

        /** The file. */
        Path of(String sha256) throws IOException;
    }

    /**
     * Compares.
     *
     * @param from what serves; empty for nothing
     * @param files where the content is
     * @throws IOException if a jar cannot be read
     */
    public static BuildChanges between(Optional<Build> from, Build to, Contents files) throws IOException {
        Sides before = from.isPresent() ? sides(from.get(), files) : new Sides();
        Sides after = sides(to, files);
        return new BuildChanges(
                difference(before.bundles, after.bundles, true),
                difference(before.configuration, after.configuration, false),
                difference(before.routes, after.routes, false),
                difference(before.assets, after.assets, false));
    }

    /** What a build has, by name: what it is compared by. */
    private static final class Sides {

        private final Map<String, String> bundles = new TreeMap<>();
        private final Map<String, String> configuration = new TreeMap<>();
        private final Map<String, String> routes = new TreeMap<>();
        private final Map<String, String> assets = new TreeMap<>();
    }

    private static Sides sides(Build build, Contents files) throws IOException {
        Sides sides = new Sides();
        for (Build.File each : build.bundles()) {
            JarContents jar = JarContents.read(files.of(each.sha256()));
            sides.bundles.put(jar.name(), jar.version() + " " + each.sha256());
            jar.routes().forEach(route -> sides.routes.put(route, ""));
            jar.assets().forEach((path, content) -> sides.assets.put(jar.name() + ":" + path, content));
        }
        build.configurations()
                .forEach((pid, properties) -> properties.forEach(
                        (name, value) -> sides.configuration.put(pid + "/" + name, String.valueOf(value))));
        return sides;
    }

    private static List<String> difference(Map<String, String> before, Map<String, String> after, boolean versions) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            String was = before.get(name);
            String is = after.get(name);
            if (is == null) {
                lines.add("- " + name + (versions ? " " + version(was) : ""));
            } else if (was == null) {
                lines.add("+ " + name + (versions ? " " + version(is) : ""));
            } else if (!was.equals(is)) {
                lines.add("~ " + name + (versions ? " " + version(was) + " -> " + version(is) : ""));
            }
        }
        if (lines.size() > MOST) {
            int more = lines.size() - MOST + 1;
            lines.subList(MOST - 1, lines.size()).clear();
            lines.add("  and " + more + " more");
        }
        return List.copyOf(lines);
    }

    private static String version(@org.jspecify.annotations.Nullable String bundle) {
        return Objects.requireNonNullElse(bundle, "").split(" ")[0];
    }
}
