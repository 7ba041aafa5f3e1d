package com.espra.protoplex.files.upload;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.upload.ledger.UploadLedger;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.ledger.UploadedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of files that outlive their process. A file in it is an upload: its key and its address. */
final class FolderLedger implements UploadLedger {

    private final Path folder;
    private final Runnable afterwards;

    FolderLedger(Path folder, Runnable afterwards) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.afterwards = afterwards;
    }

    @Override
    public Optional<UploadToken> token(String id) {
        return Optional.of(SpoolProcess.TOKEN);
    }

    @Override
    public void create(UploadToken token) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean revoke(String id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<UploadToken> tokens() {
        return List.of(SpoolProcess.TOKEN);
    }

    @Override
    public void record(UploadedFile file) throws IOException {
        Path row = folder.resolve(file.upload());
        if (Files.notExists(row)) {
            Disk.publish(row, (file.key() + " " + file.address()).getBytes(StandardCharsets.UTF_8));
            afterwards.run();
        }
    }

    @Override
    public void forget(Instant before) {
        // Nothing is old here.
    }
}
