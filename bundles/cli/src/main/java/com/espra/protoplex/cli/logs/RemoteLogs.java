package com.espra.protoplex.cli.logs;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.seed.SeedClient;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The logs of nodes on other machines: copies of their last pieces in a folder of our own, which grow as the logs do. The Seed asks the nodes for
 * them.
 */
public final class RemoteLogs implements AutoCloseable {

    private static final long POLL_MILLIS = 500;

    /** What a node gives of each file when it is asked for the first time. */
    private static final long FIRST_BYTES = 64 << 10;

    private static final int FURTHER = 16;
    private static final long MOST_BYTES = 256 << 20;

    /** A file that grows faster than it is told is not followed for ever. */
    private static final int MOST_ASKS = 8192;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}\\.log");
    private static final Pattern NODE = Pattern.compile("(?!.{64})[A-Za-z0-9]+([._-][A-Za-z0-9]+)*");

    private final @Nullable SeedClient seed;
    private final List<String> nodes;
    private final boolean access;
    private final Path folder;
    private final Map<String, String> cursors = new HashMap<>();
    /** From where on the copies are, at first the end of each file. */
    private long back = FIRST_BYTES;

    private @Nullable Thread following;
    private volatile @Nullable CliException failure;

    /** @param access whether requests are shown, too */
    public RemoteLogs(SeedClient seed, List<String> nodes, boolean access) throws IOException {
        this(
                seed,
                nodes.stream().filter(each -> NODE.matcher(each).matches()).toList(),
                access,
                Files.createTempDirectory("protoplex-logs"));
    }

    private RemoteLogs(@Nullable SeedClient seed, List<String> nodes, boolean access, Path folder) {
        this.seed = seed;
        this.nodes = List.copyOf(nodes);
        this.access = access;
        this.folder = folder;
    }

    /** Of no node. */
    public static RemoteLogs none() {
        return new RemoteLogs(null, List.of(), false, Path.of("protoplex-no-logs"));
    }

    /** Where the logs of each node are. */
    public Map<String, Path> folders() {
        Map<String, Path> folders = new TreeMap<>();
        nodes.forEach(node -> folders.put(node, folder.resolve(node)));
        return folders;
    }

    /** Gets what was written since the last time. */
    public void fetch() throws IOException {
        SeedClient asked = seed;
        if (asked == null) {
            return;
        }
        for (String node : nodes) {
            fetch(asked, node, Set.of());
        }
    }

    /** @param cut the files of which the first line is not whole */
    private void fetch(SeedClient asked, String node, Set<String> cut) throws IOException {
        String cursor = URLEncoder.encode(cursors.getOrDefault(node, ""), StandardCharsets.UTF_8);
        JsonNode told = asked.get("/v1/nodes/" + node + "/logs?access=" + access + "&cursor=" + cursor);
        cursors.put(node, told.path("cursor").asText());
        Path its = Files.createDirectories(folder.resolve(node));
        for (JsonNode file : told.path("files")) {
            String name = file.path("name").asText();
            if (NAME.matcher(name).matches()) {
                boolean anew = file.path("anew").asBoolean();
                String text = file.path("text").asText();
                keep(
                        its.resolve(name),
                        anew,
                        cut.contains(name) && !anew ? text.substring(text.indexOf('\n') + 1) : text);
            }
        }
    }

    /**
     * Gets what was written before that, too: sixteen times as much of each file.
     *
     * @return whether there may have been more
     */
    public boolean fetchBefore() throws IOException {
        SeedClient asked = seed;
        List<String> further = nodes.stream()
                .filter(node ->
                        LogPlace.of(cursors.getOrDefault(node, "")).stream().anyMatch(place -> place.offset() > back))
                .toList();
        if (asked == null || further.isEmpty() || back >= MOST_BYTES) {
            return false;
        }
        back *= FURTHER;
        for (String node : further) {
            fetchBefore(asked, node);
        }
        return true;
    }

    private void fetchBefore(SeedClient asked, String node) throws IOException {
        List<LogPlace> ends = LogPlace.of(cursors.getOrDefault(node, ""));
        List<LogPlace> begins = ends.stream().map(place -> place.before(back)).toList();
        Set<String> cut = new HashSet<>();
        begins.stream().filter(place -> place.offset() > 0).forEach(place -> cut.add(place.name()));
        for (LogPlace place : begins) {
            Files.deleteIfExists(folder.resolve(node).resolve(place.name()));
        }
        cursors.put(node, LogPlace.cursor(begins));
        for (int i = 0; i < MOST_ASKS && LogPlace.isBefore(cursors.getOrDefault(node, ""), ends); i++) {
            String before = cursors.getOrDefault(node, "");
            fetch(
                    asked,
                    node,
                    cut.stream()
                            .filter(name -> !Files.exists(folder.resolve(node).resolve(name)))
                            .collect(Collectors.toSet()));
            if (before.equals(cursors.get(node))) {
                return;
            }
        }
    }

    /** One that begins anew is another file, as it is there. */
    private static void keep(Path file, boolean anew, String text) throws IOException {
        if (anew) {
            Files.deleteIfExists(file);
        }
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Goes on to get it, on a thread of its own. */
    public void follow() {
        following = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Thread.sleep(POLL_MILLIS);
                    again();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A node or a Seed that is away for a while is asked again. */
    private void again() {
        try {
            fetch();
            failure = null;
        } catch (CliException e) {
            failure = e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What goes wrong now; null: nothing. */
    public @Nullable CliException failure() {
        return failure;
    }

    @Override
    public void close() throws IOException {
        Thread thread = following;
        if (thread != null) {
            thread.interrupt();
        }
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
