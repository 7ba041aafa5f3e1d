package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobExistsException;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.blob.core.hash.ContentAddress;
import com.espra.protoplex.blob.core.hash.ResumableSha256;
import com.espra.protoplex.blob.core.hash.Whirlpool;
import com.espra.protoplex.files.upload.ledger.UploadLedger;
import com.espra.protoplex.files.upload.ledger.UploadedFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What follows when all bytes are there: the content is compressed if that pays, put under its address, recorded, and announced. Each step may be
 * done twice, so after a crash all of them are done again. News that nobody took is told again later, and does not hold up the client.
 */
final class Finisher {

    private final BlobStore store;
    private final UploadLedger ledger;
    private final UploadNews news;
    private final long reserveBytes;

    Finisher(BlobStore store, UploadLedger ledger, UploadNews news, long reserveBytes) {
        this.store = store;
        this.ledger = ledger;
        this.news = news;
        this.reserveBytes = reserveBytes;
    }

    /**
     * Does all of it.
     *
     * @return the state with the address
     * @throws UploadRefusedException if it is not what was said: it never will be
     * @throws com.espra.protoplex.files.upload.ledger.TokenUsedException if the token is not good any more: it never will be
     * @throws DamagedBodyException if the bytes on the disk are not those that came
     * @throws IOException if a step failed: it may be tried again
     */
    UploadState finish(Path folder, UploadState state) throws IOException {
        UploadTarget target = state.target();
        ContentAddress content =
                ContentAddress.of(ResumableSha256.from(state.sha256()), Whirlpool.from(state.whirlpool()));
        if (!target.sha256().isEmpty() && !target.sha256().equals(content.sha256())) {
            throw new UploadRefusedException(
                    460, "the file has another SHA-256 than Repr-Digest said, and is not kept: begin anew");
        }
        BodyWriter.trim(folder, state);
        keep(folder, state, content);
        String address = content.toString();
        ledger.record(new UploadedFile(
                state.id(),
                target.token(),
                target.owner(),
                target.host(),
                target.key(),
                address,
                target.contentType(),
                state.length()));
        UploadState recorded = state.with(new UploadOutcome(address, false, 0, ""));
        UploadState done = recorded.with(new UploadOutcome(address, news.done(recorded), 0, ""));
        UploadStateFile.write(folder, done);
        Files.deleteIfExists(BodyWriter.body(folder));
        return done;
    }

    /** Tells once more what nobody took. */
    void tell(Path folder, UploadState state) throws IOException {
        if (news.done(state)) {
            UploadStateFile.write(folder, state.with(new UploadOutcome(state.address(), true, 0, "")));
        }
    }

    private void keep(Path folder, UploadState state, ContentAddress content) throws IOException {
        String address = content.toString();
        if (isThere(address)) {
            return;
        }
        String type = state.target().contentType();
        try {
            Compression.Result result = Compression.compress(folder, type, content, reserveBytes);
            BlobProperties properties = new BlobProperties(
                    type, result.coding(), Files.size(result.file()), state.length(), result.sha256());
            try (InputStream body = new BufferedInputStream(Files.newInputStream(result.file()), 1 << 16)) {
                store.put(address, properties, body);
            }
        } catch (BlobExistsException e) {
            // Another upload of the same content was quicker.
        } catch (BlobException e) {
            throw new IOException("the file cannot be kept now: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(Compression.coded(folder));
        }
    }

    /** Whether the same content is there, and can be read: what is damaged is put once more. */
    private boolean isThere(String address) throws IOException {
        try (OpenBlob blob = store.open(address, 0, Long.MAX_VALUE)) {
            blob.body().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (BlobNotFoundException | BlobDamagedException e) {
            return false;
        }
    }
}
