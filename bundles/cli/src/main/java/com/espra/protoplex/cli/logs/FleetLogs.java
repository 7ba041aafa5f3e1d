package com.espra.protoplex.cli.logs;

import com.espra.protoplex.cli.local.FleetDir;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The logs of several nodes as one, in the order of time. */
public final class FleetLogs implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final Map<String, Path> folders;
    private final List<NodeLogFile> files = new ArrayList<>();
    private final Set<Path> known = new HashSet<>();
    private final boolean access;
    private final LogFilter filter;
    private final Set<String> apps = new TreeSet<>();

    /**
     * @param folders where the logs of each node are
     * @param access whether requests are shown, too
     * @param filter what to show
     */
    public FleetLogs(Map<String, Path> folders, boolean access, LogFilter filter) {
        this.folders = Map.copyOf(folders);
        this.access = access;
        this.filter = filter;
    }

    /** Those of nodes that have a folder in that of the fleet. */
    public FleetLogs(FleetDir dir, List<String> nodes, boolean access, LogFilter filter) {
        this(
                nodes.stream()
                        .collect(Collectors.toMap(
                                node -> node, node -> dir.node(node).resolve("log"))),
                access,
                filter);
    }

    /** A node has a log of its own, and one for each place of a child; these come as children do. */
    private void findFiles() throws IOException {
        for (Map.Entry<String, Path> node : folders.entrySet()) {
            Path folder = node.getValue();
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, this::isLog)) {
                for (Path log : logs) {
                    if (known.add(log)) {
                        files.add(new NodeLogFile(node.getKey(), log));
                    }
                }
            }
        }
    }

    private boolean isLog(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".log") && (access || !name.endsWith("access.log"));
    }

    /** What was written until now, oldest first. */
    public List<LogRecord> read() throws IOException {
        return read(true);
    }

    private List<LogRecord> read(boolean all) throws IOException {
        findFiles();
        List<LogRecord> records = new ArrayList<>();
        for (NodeLogFile file : files) {
            records.addAll(file.read(all));
        }
        records.stream().map(LogRecord::app).filter(app -> !app.isEmpty()).forEach(apps::add);
        records.sort(Comparator.comparing(LogRecord::time));
        return records.stream().filter(filter).toList();
    }

    /** The apps that have logged in what was read so far, shown or not. */
    public Set<String> apps() {
        return apps;
    }

    /**
     * Passes on what is written, until the thread is interrupted.
     *
     * @param reader says whether it wants more
     */
    public void follow(Predicate<LogRecord> reader) throws IOException, InterruptedException {
        do {
            Thread.sleep(POLL_MILLIS);
        } while (read(false).stream().allMatch(reader));
    }

    @Override
    public void close() throws IOException {
        for (NodeLogFile file : files) {
            file.close();
        }
    }
}
