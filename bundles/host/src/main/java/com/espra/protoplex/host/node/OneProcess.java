package com.espra.protoplex.host.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one process of units that are placed in one: there while such a unit is on the node. That one is needed is noted on the disk, so
 * that the next parent starts it beside its framework, and not when its agent has come so far.
 *
 * <p>Threads: safe from any.
 */
final class OneProcess {

    private static final Logger LOG = LoggerFactory.getLogger(OneProcess.class);

    /** What the node does with the group. */
    interface Group {

        /**
         * Starts its children.
         *
         * @throws IOException if they cannot be supervised
         */
        void start() throws IOException;

        /** Whether its children are there, or on their way. */
        boolean isRunning();

        /** Drains its children; completes when no process is left. */
        CompletableFuture<Void> stop();
    }

    private final boolean always;
    private final Path note;
    private final Group group;
    private boolean needed;
    private boolean closed;
    private @Nullable CompletableFuture<Void> stopping;

    /**
     * It is not started yet.
     *
     * @param always whether it is there whatever the units are
     * @param note the file that says that units need it
     */
    OneProcess(boolean always, Path note, Group group) {
        this.always = always;
        this.note = note;
        this.group = group;
    }

    /** Starts it if the node's parent before needed it. */
    synchronized void open() throws IOException {
        closed = false;
        if (always || Files.exists(note)) {
            start();
        }
    }

    /** From now on it is only stopped, by whoever stops all. */
    synchronized void close() {
        closed = true;
    }

    /**
     * It is needed, or is not any more.
     *
     * @throws IOException if it cannot be started
     */
    synchronized void need(boolean now) throws IOException {
        needed = now;
        write(now);
        if (closed || always) {
            return;
        }
        if (now) {
            start();
        } else if (group.isRunning() && stopping == null) {
            LOG.info("No unit of this node is placed in one process any more: that process ends");
            CompletableFuture<Void> end = group.stop();
            stopping = end;
            var _ = end.whenComplete((stopped, failure) -> stopped());
        }
    }

    private void start() throws IOException {
        if (!group.isRunning() && stopping == null) {
            LOG.info("The process of units that are placed in one starts");
            group.start();
        }
    }

    private synchronized void stopped() {
        stopping = null;
        if (needed && !closed) {
            try {
                start();
            } catch (IOException e) {
                LOG.error("the process of units that are placed in one cannot be started: {}", e.getMessage(), e);
            }
        }
    }

    /** Without the note it starts a little later next time. */
    private void write(boolean now) {
        try {
            if (now) {
                Files.createDirectories(note.resolveSibling(""));
                if (!Files.exists(note)) {
                    Files.createFile(note);
                }
            } else {
                Files.deleteIfExists(note);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be changed: {}", note, e.getMessage());
        }
    }
}
