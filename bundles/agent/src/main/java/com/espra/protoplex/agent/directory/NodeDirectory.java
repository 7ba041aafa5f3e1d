package com.espra.protoplex.agent.directory;

import com.espra.protoplex.agent.directory.KnownFleet.Taken;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.DirectoryListener;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of this node. It is on disk soon after it changes, so that a node which starts without a Seed knows what it knew, and of when.
 *
 * <p>Threads: safe from any.
 */
public final class NodeDirectory implements Directory {

    private static final Logger LOG = LoggerFactory.getLogger(NodeDirectory.class);

    /** Between two times that it is written: a fleet that changes all the time must not keep the disk busy. */
    private static final Duration BETWEEN_SAVES = Duration.ofSeconds(10);

    private final KnownFleet known;
    private final DirectoryFile file;
    private final Executor executor;
    private final Supplier<List<DirectoryListener>> listeners;
    private final Object writing = new Object();
    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile BooleanSupplier linked = () -> false;
    private volatile @Nullable FleetSnapshot snapshot;
    private volatile boolean heard;
    private boolean saving;
    private boolean unsaved;
    private long savedNanos = System.nanoTime() - BETWEEN_SAVES.toNanos();

    /**
     * What was known last.
     *
     * @param folder where the file is, or will be
     * @param executor tells the listeners and writes the file
     * @param listeners who wants to hear of changes
     */
    public NodeDirectory(Path folder, Executor executor, Supplier<List<DirectoryListener>> listeners) {
        this(folder, executor, listeners, UnaryOperator.identity());
    }

    /** @param usable what of a node's addresses leads to it from here */
    public NodeDirectory(
            Path folder,
            Executor executor,
            Supplier<List<DirectoryListener>> listeners,
            UnaryOperator<Map<String, String>> usable) {
        this.known = new KnownFleet(usable);
        this.file = new DirectoryFile(folder);
        this.executor = executor;
        this.listeners = listeners;
        file.load().ifPresent(known::take);
        snapshot = known.shown().orElse(null);
    }

    /**
     * Who says whether what is known is fresh.
     *
     * @param open whether there is a link to the Seed
     */
    public void linkedIf(BooleanSupplier open) {
        linked = open;
    }

    @Override
    public Optional<FleetSnapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    @Override
    public boolean isCurrent() {
        return heard && linked.getAsBoolean();
    }

    /** What the Seed is told at the beginning of a link. */
    public synchronized LinkFrame.Follow follow() {
        heard = false;
        return known.follow();
    }

    /**
     * Takes what the Seed says.
     *
     * @return false if something is missing before it: the link is to be made anew
     */
    public synchronized boolean take(LinkFrame.Directory part) {
        Taken taken = known.take(part);
        if (taken == Taken.GAP) {
            LOG.warn(
                    "changes {} to {} of the directory came, and the one before them did not",
                    part.from(),
                    part.number());
            return false;
        }
        heard = taken == Taken.NEWER || taken == Taken.SAME;
        if (taken == Taken.NEWER) {
            snapshot = known.shown().orElse(null);
            tell();
            unsaved = true;
        }
        saveSoon();
        return true;
    }

    private void tell() {
        if (telling.compareAndSet(false, true)) {
            executor.execute(() -> {
                telling.set(false);
                FleetSnapshot newest = snapshot;
                if (newest != null) {
                    listeners.get().forEach(listener -> tell(listener, newest));
                }
            });
        }
    }

    private static void tell(DirectoryListener listener, FleetSnapshot newest) {
        try {
            listener.changed(newest);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn(
                    "{} failed to hear of a change of the fleet",
                    listener.getClass().getName(),
                    e);
        }
    }

    private synchronized void saveSoon() {
        if (unsaved && !saving) {
            saving = true;
            long passed = System.nanoTime() - savedNanos;
            CompletableFuture.delayedExecutor(BETWEEN_SAVES.toNanos() - passed, TimeUnit.NANOSECONDS, executor)
                    .execute(this::save);
        }
    }

    /** Writes what is not written yet. When it returns that is on the disk, whoever has written it. */
    public void save() {
        synchronized (writing) {
            write();
        }
    }

    private void write() {
        Optional<LinkFrame.Directory> all;
        synchronized (this) {
            all = unsaved ? known.all() : Optional.empty();
            unsaved = unsaved && all.isEmpty();
        }
        try {
            if (all.isPresent()) {
                file.save(all.get());
            }
        } catch (IOException e) {
            LOG.warn("what is known of the fleet cannot be saved; trying again: {}", e.getMessage());
            synchronized (this) {
                unsaved = true;
            }
        } finally {
            synchronized (this) {
                saving = false;
                savedNanos = System.nanoTime();
            }
            saveSoon();
        }
    }
}
