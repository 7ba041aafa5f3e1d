package com.espra.protoplex.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that may log in: one file, looked at again at each login. A line that cannot be honoured in full lets nobody in: one with
 * options ({@code command=}, {@code from=}) means to restrict its key, and this server has no restrictions to offer.
 */
final class AuthorizedKeys implements PublickeyAuthenticator {

    /** Of a session: the fingerprint of the key that it logged in with. */
    static final AttributeKey<String> FINGERPRINT = new AttributeKey<>();

    private static final Logger LOG = LoggerFactory.getLogger(AuthorizedKeys.class);
    private static final long FILE_BYTES_MAX = 1 << 20;
    private static final int RSA_BITS_MIN = 2048;

    private final Path file;

    private volatile Snapshot snapshot = new Snapshot(null, -1, List.of());

    AuthorizedKeys(Path file) {
        this.file = file;
    }

    /** How many keys may log in now. */
    int count() {
        return current().keys().size();
    }

    @Override
    public boolean authenticate(String user, PublicKey key, ServerSession session) {
        for (PublicKey known : current().keys()) {
            if (KeyUtils.compareKeys(known, key)) {
                session.setAttribute(FINGERPRINT, KeyUtils.getFingerPrint(key));
                return true;
            }
        }
        return false;
    }

    private synchronized Snapshot current() {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            Snapshot last = snapshot;
            if (!found.lastModifiedTime().equals(last.modified()) || found.size() != last.size()) {
                snapshot = new Snapshot(found.lastModifiedTime(), found.size(), read(found.size()));
            }
        } catch (NoSuchFileException e) {
            forget("it does not exist");
        } catch (IOException e) {
            forget(String.valueOf(e.getMessage()));
        }
        return snapshot;
    }

    private void forget(String why) {
        if (snapshot.size() != 0) {
            LOG.warn("Nobody can log in to the shell: {}: {}. Put public keys there, one a line", file, why);
        }
        snapshot = new Snapshot(null, 0, List.of());
    }

    private List<PublicKey> read(long size) throws IOException {
        if (size > FILE_BYTES_MAX) {
            throw new IOException("it is larger than " + FILE_BYTES_MAX + " bytes");
        }
        if (Files.getFileStore(file).supportsFileAttributeView("posix")
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("everybody may write to it: 'chmod o-w' it first");
        }
        List<PublicKey> keys = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                PublicKey key = parse(text, number);
                if (key != null) {
                    keys.add(key);
                }
            }
        }
        LOG.info("{} keys of {} may log in to the shell", keys.size(), file);
        return List.copyOf(keys);
    }

    private @Nullable PublicKey parse(String line, int number) {
        try {
            AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
            if (!entry.getLoginOptions().isEmpty()) {
                LOG.warn("{}:{}: options are not supported, so this key may not log in", file, number);
                return null;
            }
            PublicKey key = entry.resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
            if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_BITS_MIN) {
                LOG.warn("{}:{}: an RSA key needs {} bits, so this one may not log in", file, number, RSA_BITS_MIN);
                return null;
            }
            return key;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn("{}:{}: not a public key: {}", file, number, e.getMessage());
            return null;
        }
    }

    private record Snapshot(@Nullable FileTime modified, long size, List<PublicKey> keys) {}
}
