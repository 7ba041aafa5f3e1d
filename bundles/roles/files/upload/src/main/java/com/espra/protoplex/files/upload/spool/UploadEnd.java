package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.files.upload.ledger.TokenUsedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of uploads for their clients: recorded, refused for good, or later. What was refused is remembered for whoever asks. */
final class UploadEnd {

    private static final Logger LOG = LoggerFactory.getLogger(UploadEnd.class);

    private static final long PATIENCE_SECONDS = 10;
    private static final String LATER = "all bytes are there, and the file comes as soon as it can be kept: ask again";

    private final Finisher finisher;
    private final UploadBounds bounds;
    private final EndRetries attempts;

    UploadEnd(Finisher finisher, UploadBounds bounds, EndRetries attempts) {
        this.finisher = finisher;
        this.bounds = bounds;
        this.attempts = attempts;
    }

    static UploadRefusedException later() {
        return new UploadRefusedException(503, LATER);
    }

    /**
     * Finishes what is whole, under its lock.
     *
     * @throws UploadRefusedException 503 if it is to be tried again, else for good
     */
    UploadState finish(Path folder, UploadState state) throws UploadRefusedException {
        try {
            UploadState done = finisher.finish(folder, state);
            bounds.end(state.id());
            attempts.succeeded(state.id());
            return done;
        } catch (UploadRefusedException e) {
            throw refuse(folder, state, e);
        } catch (TokenUsedException e) {
            throw refuse(folder, state, new UploadRefusedException(403, e.getMessage() + ": the file is not kept"));
        } catch (DamagedBodyException e) {
            LOG.error("the upload {} is given up: {}", state.id(), e.getMessage());
            throw refuse(
                    folder,
                    state,
                    new UploadRefusedException(410, "what was kept of it was damaged on this node: begin anew"));
        } catch (IOException | RuntimeException e) {
            attempts.failed(state.id());
            LOG.warn("the upload {} is whole, and is finished later: {}", state.id(), e.toString());
            throw later();
        }
    }

    /** Ends it for good. */
    UploadRefusedException refuse(Path folder, UploadState state, UploadRefusedException cause) {
        try {
            UploadStateFile.write(folder, state.with(new UploadOutcome("", false, cause.status(), cause.reason())));
            Files.deleteIfExists(BodyWriter.body(folder));
        } catch (IOException e) {
            LOG.warn("it cannot be written that the upload {} was refused: {}", state.id(), e.toString());
        }
        bounds.end(state.id());
        attempts.succeeded(state.id());
        return cause;
    }

    /**
     * The same for a client that asks, who waits for some seconds at most.
     *
     * @param lock of the upload, which is closed when it is done
     */
    UploadState finishSoon(Path folder, UploadState state, UploadLock lock) throws UploadRefusedException {
        lock.keep();
        CompletableFuture<UploadState> end = new CompletableFuture<>();
        Thread.ofVirtual().name("upload-end-" + state.id()).start(() -> {
            try (lock) {
                end.complete(finish(folder, state));
            } catch (UploadRefusedException | RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        try {
            return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.debug("the upload {} is being finished", state.id());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UploadRefusedException refused) {
                throw refused;
            }
            LOG.warn("the upload {} cannot be finished now", state.id(), e);
        }
        throw later();
    }
}
