package com.espra.protoplex.agent.fetch;

import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.fleet.config.UnitSeal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The keys that the secrets of this node's units are sealed with, each in a file that only the node's user can read: so that it starts again
 * without a Seed.
 */
public final class UnitKeyFiles {

    private final Path folder;

    /** @param folder of the agent; what is missing is made when a key comes */
    public UnitKeyFiles(Path folder) {
        this.folder = folder.resolve("keys");
    }

    /**
     * The seal of a unit; empty if its key is not here, or was damaged.
     *
     * @throws IOException if it cannot be read, or others could have read it
     */
    public Optional<UnitSeal> seal(String unit) throws IOException {
        Path file = folder.resolve(unit);
        try {
            byte[] key = Files.readAllBytes(file);
            PrivateFiles.requirePrivate(file);
            return key.length == UnitSeal.KEY_BYTES ? Optional.of(new UnitSeal(unit, key)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Keeps the key of a unit. */
    void put(String unit, byte[] key) throws IOException {
        PrivateFiles.createFolder(folder);
        PrivateFiles.replace(folder.resolve(unit), key);
    }

    /** The unit is gone from here. */
    public void delete(String unit) throws IOException {
        Files.deleteIfExists(folder.resolve(unit));
    }
}
