package com.espra.protoplex.cli.logs;

import com.espra.protoplex.cli.local.FleetDir;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** The logs of several nodes as one, in the order of time. */
public final class FleetLogs implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final List<LogFile> files = new ArrayList<>();
    private final LogFilter filter;

    /**
     * @param dir the fleet's folder
     * @param nodes the nodes
     * @param filter what to show
     */
    public FleetLogs(FleetDir dir, List<String> nodes, LogFilter filter) {
        this.filter = filter;
        nodes.forEach(node -> files.add(new LogFile(node, dir.node(node).resolve("log/node.log"))));
    }

    /** What was written until now, oldest first. */
    public List<LogRecord> read() throws IOException {
        return read(true);
    }

    private List<LogRecord> read(boolean all) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        for (LogFile file : files) {
            records.addAll(file.read(all));
        }
        records.sort(Comparator.comparing(LogRecord::time));
        return records.stream().filter(filter).toList();
    }

    /** Passes on what is written, until the thread is interrupted. */
    public void follow(Consumer<LogRecord> reader) throws IOException, InterruptedException {
        while (true) {
            Thread.sleep(POLL_MILLIS);
            read(false).forEach(reader);
        }
    }

    @Override
    public void close() throws IOException {
        for (LogFile file : files) {
            file.close();
        }
    }
}
