package com.espra.protoplex.fleet.store;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildManifest;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.SignedBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Builds by their digest, {@code builds/<digest>/{build.json,build.sig}}, and the {@link ContentStore} of their files.
 *
 * <p>Threads: safe from any, in one process.
 */
public final class BuildStore {

    private static final String MANIFEST = "build.json";
    private static final String SIGNATURE = "build.sig";
    /** An upload and its build may be this far apart before its files count as forgotten. */
    private static final long GRACE_SECONDS = 3600;

    private final Path builds;
    private final ContentStore content;
    private final ValuesStore values;

    /**
     * @param root the folder of the store, made when it is missing
     * @throws IOException if it cannot be made
     */
    public BuildStore(Path root) throws IOException {
        builds = Files.createDirectories(root.resolve("builds"));
        content = new ContentStore(root);
        values = new ValuesStore(root);
    }

    /** The files. */
    public ContentStore content() {
        return content;
    }

    /** What units are configured with. */
    public ValuesStore values() {
        return values;
    }

    /**
     * Keeps a build. Who calls has checked its author.
     *
     * @throws BuildException if a file of it is not here with the size that it names
     * @throws IOException if the disk fails
     */
    public synchronized void add(SignedBuild signed) throws IOException, BuildException {
        for (Build.File file : signed.build().bundles()) {
            if (!content.has(file.sha256()) || Files.size(content.file(file.sha256())) != file.size()) {
                throw new BuildException(
                        "file " + file.name() + " (" + file.sha256() + ", " + file.size() + " bytes) is not here",
                        "send the files of a build before its manifest");
            }
        }
        Path folder = builds.resolve(signed.digest());
        if (!Files.exists(folder.resolve(MANIFEST)) || !Files.exists(folder.resolve(SIGNATURE))) {
            delete(folder);
            write(builds.resolve(signed.digest() + ".new"), signed);
            Disk.move(builds.resolve(signed.digest() + ".new"), folder);
        }
    }

    private void write(Path folder, SignedBuild signed) throws IOException {
        Files.createDirectories(folder);
        try {
            Disk.write(folder.resolve(MANIFEST), signed.manifest());
            Disk.write(folder.resolve(SIGNATURE), signed.signature());
            Disk.force(folder);
        } catch (IOException e) {
            delete(folder);
            throw Disk.explain(e, builds, BuildManifest.MAX_BYTES);
        }
    }

    /** The digests of all builds. */
    public List<String> digests() throws IOException {
        try (Stream<Path> folders = Files.list(builds)) {
            return folders.map(folder -> String.valueOf(folder.getFileName()))
                    .filter(Sha256::isWellFormed)
                    .sorted()
                    .toList();
        }
    }

    /**
     * A build; empty when it is not here. One that is damaged on the disk is deleted, so that it can come again: its files stay.
     *
     * @throws IOException if the disk fails
     */
    public Optional<SignedBuild> get(String digest) throws IOException {
        if (!Sha256.isWellFormed(digest)) {
            throw new IllegalArgumentException(
                    "'" + digest + "' is not a digest: use 64 lower-case hexadecimal digits");
        }
        Path folder = builds.resolve(digest);
        SignedBuild signed;
        try {
            signed = SignedBuild.of(
                    Files.readAllBytes(folder.resolve(MANIFEST)), Files.readAllBytes(folder.resolve(SIGNATURE)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (BuildException e) {
            return damaged(folder);
        }
        return signed.digest().equals(digest) ? Optional.of(signed) : damaged(folder);
    }

    private static Optional<SignedBuild> damaged(Path folder) throws IOException {
        System.getLogger(BuildStore.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "{0} was damaged on the disk, and is deleted: it can come again",
                        folder);
        delete(folder);
        return Optional.empty();
    }

    /** Deletes a build; files that only it had go at the next {@link #retain}. */
    public synchronized void delete(String digest) throws IOException {
        if (!Sha256.isWellFormed(digest)) {
            throw new IllegalArgumentException("'" + digest + "' is not a digest");
        }
        delete(builds.resolve(digest));
    }

    /**
     * Deletes all other builds, and the files that only they had. A file without a build stays for an hour: its build may be about to
     * come.
     *
     * @param keep the builds that stay: digests, or releases as {@link ReleaseId} writes them
     * @param now the present time
     * @return how many builds were deleted
     */
    public synchronized int retain(Set<String> keep, Instant now) throws IOException {
        Set<String> stay = new HashSet<>();
        keep.forEach(release -> stay.add(ReleaseId.of(release).build()));
        Set<String> needed = new HashSet<>();
        int deleted = 0;
        for (String digest : digests()) {
            if (stay.contains(digest)) {
                get(digest).ifPresent(signed -> signed.build().bundles().forEach(file -> needed.add(file.sha256())));
            } else {
                delete(builds.resolve(digest));
                deleted++;
            }
        }
        content.retain(needed, now.minusSeconds(GRACE_SECONDS));
        return deleted;
    }

    /** The manifest goes first: without it the rest counts for nothing. */
    private static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(MANIFEST));
        Files.deleteIfExists(folder.resolve(SIGNATURE));
        Files.deleteIfExists(folder);
    }
}
