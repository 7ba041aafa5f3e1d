package com.espra.protoplex.http.listen;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of further hosts: a folder with a PEM file for each, which has the chain and its key. A file that cannot be used is left
 * out, and said once; one that was good and is bad now counts as it was. At most {@value #MOST} files of {@value #LARGEST} bytes.
 *
 * <p>Threads: one after the other.
 */
final class HostCertificates {

    private static final Logger LOG = LoggerFactory.getLogger(HostCertificates.class);

    private static final int MOST = 10_000;
    private static final long LARGEST = 256 << 10;
    private static final String ENDING = ".pem";
    private static final char[] NO_PASSWORD = new char[0];

    private final @Nullable Path folder;
    private final Map<String, Entry> entries = new TreeMap<>();
    private boolean changed;
    private String unread = "";

    /** By what a file is known to be another one; a copy may keep times, but not all of these. */
    private record State(
            long size,
            FileTime modified,
            FileTime changed,
            @Nullable Object key) {}

    /** What a file had; null: nothing that could be used. */
    private record Entry(State state, @Nullable KeyPairOfHost usable) {}

    private record KeyPairOfHost(Key key, List<Certificate> chain) {}

    /** @param folder null if there are none. It may come later */
    HostCertificates(@Nullable Path folder) {
        this.folder = folder;
    }

    /** Looks at the files. */
    void look() {
        Map<String, State> files = read();
        if (files == null) {
            return;
        }
        changed |= entries.keySet().retainAll(files.keySet());
        files.forEach((name, state) -> {
            Entry known = entries.get(name);
            if (known == null || !known.state().equals(state)) {
                KeyPairOfHost usable = usable(name, state);
                changed |= usable != null;
                entries.put(name, new Entry(state, usable != null || known == null ? usable : known.usable()));
            }
        });
    }

    /** Whether there is something else to show than what was {@link #shown} last. */
    boolean isChanged() {
        return changed;
    }

    /** What there is, is shown. */
    void shown() {
        changed = false;
    }

    /** By name; null: the folder cannot be read now, so nothing is known to have changed. */
    private @Nullable Map<String, State> read() {
        Path its = folder;
        if (its == null) {
            return null;
        }
        Map<String, State> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(its)) {
            List<Path> pems = all.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .limit(MOST + 1L)
                    .toList();
            if (pems.size() > MOST) {
                throw new IOException(its + " has more than " + MOST + " files: use several listeners");
            }
            for (Path each : pems) {
                State state = state(each);
                if (state != null) {
                    files.put(each.getFileName().toString(), state);
                }
            }
            unread = "";
            return files;
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? its + " is not there" : String.valueOf(e.getMessage());
            if (!reason.equals(unread)) {
                LOG.error("{}: the certificates of further hosts stay as they were", reason);
                unread = reason;
            }
            return null;
        }
    }

    /** Null of what is no file, or gone. */
    private static @Nullable State state(Path file) {
        try {
            BasicFileAttributes its = Files.readAttributes(file, BasicFileAttributes.class);
            Object changed = Files.getFileStore(file).supportsFileAttributeView("unix")
                    ? Files.getAttribute(file, "unix:ctime")
                    : its.lastModifiedTime();
            return its.isRegularFile()
                    ? new State(its.size(), its.lastModifiedTime(), (FileTime) changed, its.fileKey())
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable KeyPairOfHost usable(String name, State state) {
        Path file = folder == null ? Path.of(name) : folder.resolve(name);
        try {
            if (state.size() > LARGEST) {
                throw new IOException("it has " + state.size() + " bytes, at most " + LARGEST + " are read");
            }
            TlsFiles both = new TlsFiles(file, file);
            PemFiles.requireMatch(both);
            LOG.info("the certificate {} was taken", file);
            return new KeyPairOfHost(PemFiles.key(file), List.of(PemFiles.chain(file)));
        } catch (IOException | RuntimeException e) {
            LOG.error("{} cannot be used for a host: {}. Its file has the chain and the key", file, e.getMessage());
            return null;
        }
    }

    /** A store with what that of the listener's own certificate has, and with these. */
    KeyStore with(KeyStore own) throws GeneralSecurityException, IOException {
        KeyStore all = KeyStore.getInstance("JKS");
        all.load(null, NO_PASSWORD);
        all.setKeyEntry(
                PemFiles.ALIAS,
                own.getKey(PemFiles.ALIAS, NO_PASSWORD),
                NO_PASSWORD,
                own.getCertificateChain(PemFiles.ALIAS));
        int number = 0;
        for (Entry each : entries.values()) {
            KeyPairOfHost usable = each.usable();
            if (usable != null) {
                // By number: the store takes names for the same whatever their case.
                all.setKeyEntry(
                        "host" + number++,
                        usable.key(),
                        NO_PASSWORD,
                        usable.chain().toArray(Certificate[]::new));
            }
        }
        return all;
    }
}
