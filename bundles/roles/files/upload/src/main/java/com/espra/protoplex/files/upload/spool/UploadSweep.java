package com.espra.protoplex.files.upload.spool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the folder of uploads: finishes what is whole, tells what nobody took, removes what nobody goes on with, and counts what others began.
 *
 * <p>Threads: one at a time.
 */
final class UploadSweep {

    private static final Logger LOG = LoggerFactory.getLogger(UploadSweep.class);

    /** How long it can be asked what became of an upload. */
    private static final Duration KEPT_WHEN_OVER = Duration.ofHours(1);
    /** Of those, so many at most. */
    private static final int MOST_OVER = 5000;
    /** What is whole waits longer for a store that is away than for its client. */
    private static final int WHOLE_LIFETIMES = 7;

    private final Path root;
    private final Duration lifetime;
    private final UploadEnd end;
    private final Finisher finisher;
    private final UploadBounds bounds;
    private final EndRetries attempts;
    private final Ages ages;
    private int over;

    UploadSweep(
            Path root,
            Duration lifetime,
            UploadEnd end,
            Finisher finisher,
            UploadBounds bounds,
            EndRetries attempts,
            LongSupplier nanos) {
        this.root = root;
        this.lifetime = lifetime;
        this.end = end;
        this.finisher = finisher;
        this.bounds = bounds;
        this.attempts = attempts;
        ages = new Ages(nanos);
    }

    void sweep(Instant now) throws IOException {
        Set<String> before = bounds.ids();
        Set<String> found = new HashSet<>();
        over = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
            for (Path folder : all) {
                String id = folder.getFileName().toString();
                found.add(id);
                try {
                    sweep(id, folder, now);
                } catch (IOException | RuntimeException e) {
                    LOG.warn("the upload in {} is left as it is: {}", folder, e.toString());
                }
            }
        }
        for (String id : before) {
            if (!found.contains(id)) {
                bounds.end(id); // Another process of this node ended it.
            }
        }
        ages.keepOnly(found);
        attempts.keepOnly(found);
    }

    private void sweep(String id, Path folder, Instant now) throws IOException {
        UploadState state;
        try {
            state = UploadStateFile.read(folder);
        } catch (NoSuchFileException | DamagedStateException e) {
            // Killed before it began, or damaged.
            long stamp = Files.getLastModifiedTime(folder).toMillis();
            if (ages.isOlder(id, stamp, now, lifetime)) {
                remove(folder, stamp, id);
            }
            return;
        }
        if (state.isOver()) {
            bounds.end(id);
            sweepOver(folder, state, now);
        } else if (state.isWhole() && !state.target().isPartial()) {
            bounds.found(id, state.target());
            sweepWhole(folder, state, now);
        } else {
            bounds.found(id, state.target());
            if (ages.isOlder(id, stamp(folder, state), now, lifetime)) {
                remove(folder, stamp(folder, state), id);
            }
        }
    }

    /** When something happened to it last: bytes that are not durable yet count too. */
    private static long stamp(Path folder, UploadState state) throws IOException {
        long written = state.changed().toEpochMilli();
        try {
            return Math.max(
                    written, Files.getLastModifiedTime(BodyWriter.body(folder)).toMillis());
        } catch (NoSuchFileException e) {
            return written;
        }
    }

    private void sweepOver(Path folder, UploadState state, Instant now) throws IOException {
        if (state.isDone() && !state.outcome().isTold()) {
            try (UploadLock lock = lock(folder)) {
                lock.keep();
                finisher.tell(folder, UploadStateFile.read(folder));
            }
        } else if (++over > MOST_OVER || ages.isOlder(state.id(), stamp(folder, state), now, KEPT_WHEN_OVER)) {
            remove(folder, stamp(folder, state), state.id());
        }
    }

    private void sweepWhole(Path folder, UploadState state, Instant now) throws IOException {
        boolean isTooOld = ages.isOlder(state.id(), stamp(folder, state), now, lifetime.multipliedBy(WHOLE_LIFETIMES));
        if (!isTooOld && !attempts.isDue(state.id())) {
            return;
        }
        try (UploadLock lock = lock(folder)) {
            lock.keep();
            // It may have ended before the lock was there.
            UploadState current = UploadStateFile.read(folder);
            if (current.isOver()) {
                return;
            }
            try {
                end.finish(folder, current);
            } catch (UploadRefusedException e) {
                if (isTooOld && e.status() == 503) {
                    LOG.error("the upload {} is given up: it could not be kept for so long", current.id());
                    end.refuse(
                            folder,
                            current,
                            new UploadRefusedException(410, "the file could not be kept for days: begin anew"));
                }
            }
        }
    }

    /** Unless something happened to it since. */
    private void remove(Path folder, long stamp, String id) throws IOException {
        try (UploadLock lock = lock(folder)) {
            lock.keep();
            long current;
            try {
                current = stamp(folder, UploadStateFile.read(folder));
            } catch (NoSuchFileException | DamagedStateException e) {
                current = stamp; // Its lock alone has changed the folder.
            }
            if (current == stamp) {
                UploadFolders.remove(folder);
                bounds.end(id);
            }
        }
    }

    private static UploadLock lock(Path folder) throws IOException {
        try {
            Optional<UploadLock> lock = UploadLock.take(folder);
            if (lock.isPresent()) {
                return lock.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("somebody works on it");
    }
}
