package com.espra.protoplex.files.upload.spool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of each upload, by its id. */
final class UploadFolders {

    private final Path root;

    UploadFolders(Path root) {
        this.root = root;
    }

    /** @throws UploadRefusedException if it is no id */
    Path of(String id) throws UploadRefusedException {
        if (!id.matches("[0-9a-f]{32}")) {
            throw new UploadRefusedException(404, "there is no such upload");
        }
        return root.resolve(id);
    }

    static void remove(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
