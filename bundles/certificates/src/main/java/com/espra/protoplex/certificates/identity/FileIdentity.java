package com.espra.protoplex.certificates.identity;

import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.SpiffeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node is, as its files say. Whoever asks when a second has passed looks at them, and everybody else goes by what was found last. A
 * file that cannot be used changes nothing while there is something to go by.
 *
 * <p>Threads: safe from any; one at a time reads.
 */
public final class FileIdentity implements FleetIdentity {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IdentityFiles files;
    private final String missing;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Found found;

    /** What was read, and what came of it. */
    private record Found(long atNanos, Content content, Optional<NodeIdentity> identity, String trouble) {

        Found at(long now) {
            return new Found(now, content, identity, trouble);
        }
    }

    private record Content(String certificate, String key, String authority, String revoked) {}

    /** @param missing what to say while there is no certificate */
    public FileIdentity(IdentityFiles files, String missing, InstantSource clock) {
        this(files, missing, clock, System::nanoTime);
    }

    FileIdentity(IdentityFiles files, String missing, InstantSource clock, LongSupplier nanos) {
        this.files = files;
        this.missing = missing;
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public Optional<NodeIdentity> now() {
        return latest().identity();
    }

    @Override
    public String trouble() {
        return latest().trouble();
    }

    private Found latest() {
        Found last = found;
        if (last != null && nanos.getAsLong() - last.atNanos() < FRESH_NANOS) {
            return last;
        }
        if (last != null && !looking.compareAndSet(false, true)) {
            return last; // somebody looks
        }
        try {
            Found next = look(last);
            found = next;
            return next;
        } finally {
            looking.set(false);
        }
    }

    private Found look(@Nullable Found last) {
        long now = nanos.getAsLong();
        Optional<NodeIdentity> before = last == null ? Optional.empty() : last.identity();
        Content content = new Content("", "", "", "");
        try {
            content = new Content(
                    text(files.own().certificate()),
                    text(files.own().key()),
                    text(files.authority()),
                    text(files.revoked()));
            if (last != null && last.content().equals(content)) {
                return last.at(now);
            }
            if (content.certificate().isEmpty()) {
                return new Found(now, content, Optional.empty(), missing);
            }
            return new Found(now, content, Optional.of(identity(content)), "");
        } catch (IOException | CertificateException e) {
            String trouble = "this node's certificate cannot be used ("
                    + files.own().certificate() + "): " + Objects.requireNonNullElse(e.getMessage(), e.toString());
            // What is being replaced is whole soon; until then what was good is.
            return new Found(now, content, before, before.isPresent() ? "" : trouble);
        }
    }

    private NodeIdentity identity(Content content) throws IOException, CertificateException {
        PemFiles.requireMatch(files.own());
        X509Certificate[] chain = CertificateChain.read(content.certificate());
        X509Certificate[] authority = CertificateChain.read(content.authority());
        return new NodeIdentity(
                SpiffeId.of(chain[0]),
                files.own(),
                new FleetTrust(KeyDigest.of(authority[0].getPublicKey())),
                RevokedKeys.parse(content.revoked()),
                clock);
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
