package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.sign.AuthorKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The secrets of a fleet's folder: made once by {@code up}, readable by their owner alone. */
public final class Secrets {

    private static final int TOKEN_BYTES = 32;

    private final FleetDir dir;

    /** @param dir the fleet's folder */
    public Secrets(FleetDir dir) {
        this.dir = dir;
    }

    /** Makes whatever is missing. */
    void make() throws IOException {
        PrivateFiles.createFolder(dir.keys());
        token(dir.operatorToken());
        token(dir.linkToken());
        requirePrivate(dir.path().resolve("fleet.key"));
        OperatorKey.in(dir.keys());
        if (!Files.exists(dir.authorKey())) {
            AuthorKey.create().write(dir.authorKey(), dir.keys().resolve("author.pub"));
        }
    }

    /** Nodes that refuse a secret which others may read would run without a Seed, or not at all. */
    private static void requirePrivate(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try {
            PrivateFiles.requirePrivate(file);
        } catch (FileSystemException e) {
            throw CliException.refused(file + " cannot be used", String.valueOf(e.getReason()), e);
        }
    }

    private static void token(Path file) throws IOException {
        requirePrivate(file);
        if (Files.exists(file)
                && Files.readString(file, StandardCharsets.ISO_8859_1).isBlank()) {
            Files.delete(file);
        }
        if (!Files.exists(file)) {
            PrivateFiles.create(file, Secret.hex(TOKEN_BYTES) + "\n");
        }
    }

    /**
     * The key of whoever pushes.
     *
     * @throws CliException with status 1 if it cannot be used
     */
    public AuthorKey authorKey() throws IOException {
        try {
            return AuthorKey.read(dir.authorKey());
        } catch (NoSuchFileException e) {
            throw CliException.refused(
                    "the author's key " + dir.authorKey() + " is missing",
                    "restore it from a backup, or stop and start the fleet: `up` makes a new one",
                    e);
        } catch (FileSystemException e) {
            throw CliException.refused(
                    "the author's key " + dir.authorKey() + " cannot be used", String.valueOf(e.getReason()), e);
        } catch (BuildException e) {
            throw CliException.refused(String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    /** The author's public key, as node.json has it: base64 on one line. */
    String authorLine() throws IOException {
        return authorKey()
                .author()
                .pem()
                .lines()
                .filter(line -> !line.startsWith("-"))
                .collect(Collectors.joining());
    }

    /**
     * The token of the Seed's API.
     *
     * @throws CliException with status 3 if it cannot be read
     */
    public String operatorToken() {
        try {
            return Files.readString(dir.operatorToken()).strip();
        } catch (IOException e) {
            throw CliException.unreachable(
                    "the operator's token " + dir.operatorToken() + " cannot be read",
                    "run " + dir.command("up") + ", which makes it",
                    e);
        }
    }
}
