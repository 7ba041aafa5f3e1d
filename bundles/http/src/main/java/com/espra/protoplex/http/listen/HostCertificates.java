package com.espra.protoplex.http.listen;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of further hosts: a folder with a PEM file for each, which has the chain and its key. A file that cannot be used is left
 * out, and said once; one that was good and is bad now counts as it was. At most {@value #MOST} files.
 *
 * <p>Threads: one after the other.
 */
final class HostCertificates {

    private static final Logger LOG = LoggerFactory.getLogger(HostCertificates.class);

    private static final int MOST = 10_000;
    private static final String ENDING = ".pem";
    private static final char[] NO_PASSWORD = new char[0];

    private final @Nullable Path folder;
    private final Map<String, Entry> entries = new TreeMap<>();
    private String unread = "";

    /** What a file had; null: nothing that could be used. */
    private record Entry(String digest, @Nullable KeyPairOfHost usable) {}

    private record KeyPairOfHost(Key key, List<Certificate> chain) {}

    /** @param folder null if there are none. It may come later */
    HostCertificates(@Nullable Path folder) {
        this.folder = folder;
    }

    /**
     * Looks at the files. Times do not tell: a copy may keep old ones.
     *
     * @return whether there is something else to show than before
     */
    boolean look() {
        Map<String, byte[]> files = read();
        if (files == null) {
            return false;
        }
        boolean changed = entries.keySet().retainAll(files.keySet());
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            String digest = digest(each.getValue());
            Entry known = entries.get(each.getKey());
            if (known == null || !known.digest().equals(digest)) {
                KeyPairOfHost usable = usable(each.getKey());
                changed |= usable != null;
                entries.put(
                        each.getKey(), new Entry(digest, usable != null || known == null ? usable : known.usable()));
            }
        }
        return changed;
    }

    /** By name; null: the folder cannot be read now, so nothing is known to have changed. */
    private @Nullable Map<String, byte[]> read() {
        Path its = folder;
        if (its == null) {
            return null;
        }
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> all = Files.list(its)) {
            List<Path> pems = all.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .limit(MOST + 1L)
                    .toList();
            if (pems.size() > MOST) {
                throw new IOException(its + " has more than " + MOST + " files: use several listeners");
            }
            for (Path each : pems) {
                files.put(each.getFileName().toString(), content(each));
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

    /** Nothing of one that cannot be read: what is wrong with it is said when it is used. */
    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private @Nullable KeyPairOfHost usable(String name) {
        Path file = folder == null ? Path.of(name) : folder.resolve(name);
        try {
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
        for (Map.Entry<String, Entry> each : entries.entrySet()) {
            KeyPairOfHost usable = each.getValue().usable();
            if (usable != null) {
                all.setKeyEntry(
                        "host " + each.getKey(),
                        usable.key(),
                        NO_PASSWORD,
                        usable.chain().toArray(Certificate[]::new));
            }
        }
        return all;
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
