package com.espra.protoplex.blob.core.checked;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A folder for files that are being written, which several processes share, also those of other machines. The name of each begins with its process:
 * what one of this machine leaves that was killed is removed by the next one, and what nobody has written to for a day, whoever made it.
 */
public final class PartFiles {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;

    /** Makes the folder, and removes what nobody writes any more. */
    public PartFiles(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        Instant oldest = Instant.now().minus(LONGEST);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (PartWriter.isGone(String.valueOf(file.getFileName())) || isOlder(file, oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isOlder(Path file, Instant oldest) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(oldest);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** A name that nobody else takes. */
    public Path next() {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        return folder.resolve(PartWriter.THIS + "-" + HexFormat.of().formatHex(random));
    }
}
