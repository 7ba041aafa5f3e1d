package com.espra.protoplex.fleet.store;

import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.config.UnitValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The values of units by the sha256 of their document: {@code values/<sha256>}, which only their owner may read.
 *
 * <p>Threads: safe from any, in one process.
 */
public final class ValuesStore {

    private final Path folder;

    /**
     * @param root the folder of the store; what is missing is made when something is kept
     */
    public ValuesStore(Path root) {
        folder = root.resolve("values");
    }

    /**
     * Keeps a document; it is durable when this returns.
     *
     * @return what it is named by
     * @throws IOException if the disk fails
     */
    public String put(byte[] document) throws IOException {
        String digest = UnitValues.digest(document);
        if (bytes(digest).isPresent()) {
            Files.setLastModifiedTime(folder.resolve(digest), FileTime.from(Instant.now()));
        } else {
            PrivateFiles.createFolder(folder);
            PrivateFiles.replace(folder.resolve(digest), document);
        }
        return digest;
    }

    /**
     * The document of this digest, if it is here as it was kept: one that was damaged counts as missing.
     *
     * @throws IOException if the disk cannot be read
     */
    public Optional<byte[]> bytes(String digest) throws IOException {
        if (!Sha256.isWellFormed(digest)) {
            return Optional.empty();
        }
        try {
            byte[] document = Files.readAllBytes(folder.resolve(digest));
            return UnitValues.digest(document).equals(digest) ? Optional.of(document) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * The values of this digest.
     *
     * @throws IOException if the disk cannot be read
     * @throws BuildException if they are of a Protoplex that is newer
     */
    public Optional<UnitValues> get(String digest) throws IOException, BuildException {
        Optional<byte[]> document = bytes(digest);
        return document.isPresent() ? Optional.of(UnitValues.read(document.get())) : Optional.empty();
    }

    /**
     * Deletes what nobody needs.
     *
     * @param needed the digests that stay
     * @param before only what was kept before this time goes: newer ones may be about to be deployed
     * @throws IOException if the disk fails
     */
    public void retain(Set<String> needed, Instant before) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!needed.contains(String.valueOf(file.getFileName()))
                        && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
