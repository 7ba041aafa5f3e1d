package com.espra.protoplex.fleet.config;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys that a build can be configured with: those that its bundles describe by Metatype (OSGi Compendium, chapter 105), and those of
 * the configurations in its feature. Of a factory PID these are the keys of the instances that the feature has.
 */
public final class UnitKeys {

    /** Where the files of a build are. */
    @FunctionalInterface
    public interface Files {

        /** Gives the place of a file. */
        Path of(Build.File file) throws IOException;
    }

    private final Build build;
    private final Map<String, UnitKey> keys = new TreeMap<>();

    private UnitKeys(Build build) {
        this.build = build;
    }

    /**
     * Looks into a build whose bundles were inspected.
     *
     * @throws IOException if a bundle cannot be read
     */
    public static UnitKeys of(Build build, Files files) throws IOException {
        UnitKeys keys = new UnitKeys(build);
        build.configurations()
                .forEach((pid, properties) -> properties.forEach((property, value) -> keys.add(pid, property, value)));
        for (Build.File file : build.bundles()) {
            MetatypeReader.read(files.of(file)).forEach(keys::describe);
        }
        return keys;
    }

    private void add(String pid, String property, Object value) {
        int colon = property.lastIndexOf(':');
        String name = colon < 0 ? property : property.substring(0, colon);
        String type = colon < 0 ? PlainTypes.of(value) : property.substring(colon + 1);
        put(new UnitKey(pid, name, type, false, List.of(), "", "", PlainTypes.text(value)));
    }

    /** What a bundle describes says more than what its feature happens to set; but that is its default then. */
    private void describe(MetatypeReader.Described described) {
        for (String pid : pids(described)) {
            UnitKey key = described.key(pid);
            UnitKey set = keys.get(key.id());
            put(
                    set == null
                            ? key
                            : new UnitKey(
                                    pid,
                                    key.name(),
                                    key.type(),
                                    key.secret(),
                                    key.options(),
                                    key.min(),
                                    key.max(),
                                    // A feature that sets a secret has it in clear, but nobody is shown it.
                                    key.secret() ? "" : set.standard()));
        }
    }

    private Collection<String> pids(MetatypeReader.Described described) {
        return described.factory()
                ? build.configurations().keySet().stream()
                        .filter(pid -> pid.startsWith(described.pid() + "~"))
                        .toList()
                : List.of(described.pid());
    }

    private void put(UnitKey key) {
        keys.put(key.id(), key);
    }

    /** All of them, by their full names. */
    public Collection<UnitKey> all() {
        return keys.values();
    }

    /** The key of this PID and property. */
    public Optional<UnitKey> find(String pid, String name) {
        return Optional.ofNullable(keys.get(pid + "/" + name));
    }

    /** What people call it: its property, or its full name if another configuration of the unit has such a property, too. */
    public String shortest(UnitKey key) {
        return named(key.name()).size() == 1 ? key.name() : key.id();
    }

    /**
     * The key that somebody typed: a property, or {@code pid/property}.
     *
     * @throws BuildException if there is none or more than one; it names the nearest
     */
    public UnitKey find(String typed) throws BuildException {
        UnitKey exact = keys.get(typed);
        List<UnitKey> named = exact == null ? named(typed) : List.of(exact);
        if (named.size() == 1) {
            return named.getFirst();
        }
        if (named.size() > 1) {
            throw new BuildException(
                    build.unit() + " has '" + NearestName.shown(typed) + "' in more than one configuration",
                    "say which: "
                            + String.join(
                                    " or ", named.stream().map(UnitKey::id).toList()));
        }
        throw new BuildException(
                build.unit() + " " + build.version() + " has no key '" + NearestName.shown(typed) + "'"
                        + nearest(typed),
                keys.isEmpty()
                        ? "describe its configuration with Metatype (@ObjectClassDefinition and @Designate), or put one into its feature"
                        : "./protoplex config get " + build.unit() + " shows those that there are");
    }

    private String nearest(String typed) {
        return nearest(typed, keys.values().stream().map(this::shortest).toList());
    }

    /** What somebody may have meant, as the end of a sentence; empty if there is nothing. */
    public static String nearest(String typed, Collection<String> names) {
        return NearestName.of(typed, names)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    private List<UnitKey> named(String name) {
        return keys.values().stream()
                .filter(key -> key.name().equals(name))
                .sorted(Comparator.comparing(UnitKey::id))
                .toList();
    }
}
