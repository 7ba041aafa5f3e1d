package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobExistsException;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.blob.core.hash.ContentAddress;
import com.espra.protoplex.blob.core.hash.ResumableSha256;
import com.espra.protoplex.blob.core.hash.Whirlpool;
import com.espra.protoplex.files.upload.ledger.UploadLedger;
import com.espra.protoplex.files.upload.ledger.UploadedFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/**
 * What follows when all bytes are there: the content is compressed if that pays, put under its address, recorded, and announced. Each step may be
 * done twice, so after a crash all of them are done again; the file is there for others when the last one was done.
 */
final class Finisher {

    private final BlobStore store;
    private final UploadLedger ledger;
    private final BiConsumer<UploadState, String> announce;

    /** @param announce told of the upload and the address of its content; may fail */
    Finisher(BlobStore store, UploadLedger ledger, BiConsumer<UploadState, String> announce) {
        this.store = store;
        this.ledger = ledger;
        this.announce = announce;
    }

    /**
     * Does all of it.
     *
     * @return the state with the address
     * @throws com.espra.protoplex.files.upload.ledger.TokenUsedException if the token is not good any more: it never will be
     * @throws DamagedBodyException if the bytes on the disk are not those that came
     * @throws IOException if a step failed: it may be tried again
     */
    UploadState finish(Path folder, UploadState state) throws IOException {
        ResumableSha256 sha256 = ResumableSha256.from(state.sha256());
        Whirlpool whirlpool = Whirlpool.from(state.whirlpool());
        ContentAddress content = ContentAddress.of(sha256, whirlpool);
        String address = content.toString();
        BodyWriter.trim(folder, state);
        keep(folder, state, content);
        ledger.record(new UploadedFile(
                state.id(),
                state.token(),
                state.owner(),
                state.host(),
                state.key(),
                address,
                state.contentType(),
                state.length()));
        announce.accept(state, address);
        UploadState done = state.withAddress(address);
        done.write(folder);
        Files.deleteIfExists(BodyWriter.body(folder));
        Files.deleteIfExists(Compression.coded(folder));
        return done;
    }

    private void keep(Path folder, UploadState state, ContentAddress content) throws IOException {
        String address = content.toString();
        try {
            store.head(address);
            return; // The same content was there already.
        } catch (BlobNotFoundException | BlobDamagedException e) {
            // It is new, or is put once more.
        }
        Compression.Result result = Compression.compress(folder, BodyWriter.body(folder), state.contentType(), content);
        BlobProperties properties = new BlobProperties(
                state.contentType(), result.coding(), Files.size(result.file()), state.length(), result.sha256());
        try (InputStream body = new BufferedInputStream(Files.newInputStream(result.file()), 1 << 16)) {
            store.put(address, properties, body);
        } catch (BlobExistsException e) {
            // Another upload of the same content was quicker.
        } catch (BlobException e) {
            throw new IOException("the file cannot be kept now: " + e.getMessage(), e);
        }
    }
}
