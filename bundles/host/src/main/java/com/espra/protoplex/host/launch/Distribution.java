package com.espra.protoplex.host.launch;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The installed Protoplex: {@code features/} says in OSGi feature files (OSGi Compendium 8.1, chapter 159) which bundles a role is
 * made of, {@code bundles/} has the bundles.
 *
 * @param home the folder
 */
public record Distribution(Path home) {

    /** Metadata of a bundle in our features: the start level that it gets. Levels are left again in reverse order. */
    static final String START_LEVEL = "protoplex.start-level";

    /** What a node of one process is made of, beside its roles. */
    public static final String PLATFORM = "platform";

    /** What a parent is made of. */
    public static final String PARENT = "parent";

    /** What a child is made of, beside its roles. */
    public static final String CHILD = "child";

    private static final Set<String> BASES = Set.of(PLATFORM, PARENT, CHILD);
    private static final String ADAPTER = "app";
    private static final String KIND = "protoplex.role.kind";

    /** What a role asks of the process that it runs in. */
    public enum Kind {
        /** It waits for events: few threads, and a process for each core. */
        EVENTS,
        /** It computes: many threads. */
        THREADS,
        /** It has one process at a time. */
        SINGLE
    }

    /**
     * A bundle to install.
     *
     * @param file its jar
     * @param startLevel its start level
     */
    public record PlatformBundle(Path file, int startLevel) {}

    /**
     * The bundles of a base and of these roles, each once.
     *
     * @param base {@link #PLATFORM}, {@link #PARENT} or {@link #CHILD}
     * @throws StartException if the distribution is incomplete
     */
    public List<PlatformBundle> bundles(String base, List<String> roles) throws StartException {
        Map<Path, PlatformBundle> bundles = new LinkedHashMap<>();
        add(base, bundles);
        for (String role : roles) {
            if (isOfTheKernel(role)) {
                add(role, bundles);
            }
        }
        return new ArrayList<>(bundles.values());
    }

    /**
     * What a role asks of its process: its feature's {@code protoplex.role.kind}; threads, when that says nothing. All others are units,
     * which the Seed places.
     *
     * @throws StartException if that is no name of a role, or the distribution is damaged
     */
    public Kind kind(String role) throws StartException {
        if (!isOfTheKernel(role)) {
            return Kind.THREADS;
        }
        Object kind = feature(role).getOrDefault(KIND, "threads");
        return switch (String.valueOf(kind)) {
            case "events" -> Kind.EVENTS;
            case "threads" -> Kind.THREADS;
            case "single" -> Kind.SINGLE;
            default -> throw damaged(role, new IOException(KIND + " is '" + kind + "': events, threads or single"));
        };
    }

    /** The roles, and what connects units to the listeners: a unit may be placed on any node. */
    public static List<String> withAdapter(List<String> roles) {
        return roles.contains(ADAPTER)
                ? roles
                : Stream.concat(roles.stream(), Stream.of(ADAPTER)).toList();
    }

    /** Whether the role is a set of bundles that the host starts with. */
    private boolean isOfTheKernel(String role) throws StartException {
        if (!role.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?") || BASES.contains(role)) {
            throw new StartException("'" + role + "' is no name of a role. The host has " + roles()
                    + " by itself; what else a node does is pushed: ./protoplex roles");
        }
        return Files.isRegularFile(file(role));
    }

    private void add(String role, Map<Path, PlatformBundle> bundles) throws StartException {
        try {
            if (!(feature(role).get("bundles") instanceof List<?> list)) {
                throw new IOException("it lists no bundles");
            }
            for (Object item : list) {
                PlatformBundle bundle = bundle(item);
                bundles.putIfAbsent(bundle.file(), bundle);
            }
        } catch (IOException e) {
            throw damaged(role, e);
        }
    }

    private Map<String, Object> feature(String role) throws StartException {
        Path file = file(role);
        try {
            return PlainJson.read(file);
        } catch (IOException e) {
            throw damaged(role, e);
        }
    }

    private Path file(String role) {
        return home.resolve("features").resolve(role + ".json");
    }

    private StartException damaged(String role, IOException e) {
        return new StartException(
                "the distribution in " + home + " is damaged: " + file(role) + ": " + e.getMessage()
                        + ". Install it again.",
                e);
    }

    private PlatformBundle bundle(Object item) throws IOException {
        if (!(item instanceof Map<?, ?> map) || !(map.get("id") instanceof String id) || id.split(":").length != 3) {
            throw new IOException("'" + item + "' is not a bundle with an id of the form group:artifact:version");
        }
        String[] parts = id.split(":");
        Path file = home.resolve("bundles").resolve(parts[1] + "-" + parts[2] + ".jar");
        int level = map.get(START_LEVEL) instanceof Long number ? number.intValue() : 1;
        return new PlatformBundle(file, level);
    }

    private String roles() {
        try (Stream<Path> files = Files.list(home.resolve("features"))) {
            return String.join(
                    ", ",
                    files.map(file -> file.getFileName().toString().replace(".json", ""))
                            .filter(name -> !BASES.contains(name))
                            .sorted()
                            .toList());
        } catch (IOException e) {
            return "none, for " + home + " is no distribution";
        }
    }
}
