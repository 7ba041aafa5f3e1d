package com.espra.protoplex.stream.connection;

import com.espra.protoplex.certificates.TakenCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a listener, read when the first handshake comes and looked at again by later ones, every five seconds at the most: new
 * connections get what its files have then.
 */
public final class StreamCertificate implements TlsSource {

    private static final Logger LOG = LoggerFactory.getLogger(StreamCertificate.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final char[] NO_PASSWORD = new char[0];

    /** What a client may come again with, without a key agreement; the JDK would keep twenty times as many, for a day. */
    private static final int SESSIONS = 1000;

    private final Files files;
    private @Nullable SSLContext context;
    private @Nullable TakenCertificate taken;
    private long looked;
    private String refused = "";

    /** Where it is; to ask may make one. */
    @FunctionalInterface
    public interface Files {
        TlsFiles find() throws IOException;
    }

    public StreamCertificate(Files files) {
        this.files = files;
    }

    @Override
    public synchronized SSLContext context() throws IOException {
        TakenCertificate known = taken;
        if (known == null) {
            take();
        } else if (System.nanoTime() - looked > LOOK_NANOS) {
            look(known);
        }
        SSLContext now = context;
        if (now == null) {
            throw new IOException("there is no certificate");
        }
        return now;
    }

    private void take() throws IOException {
        try {
            taken = new TakenCertificate(files.find(), this::use);
            looked = System.nanoTime();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the certificate cannot be used: " + e.getMessage(), e);
        }
    }

    private void look(TakenCertificate known) {
        try {
            looked = System.nanoTime();
            if (known.look(this::use)) {
                LOG.info("the certificate of a stream listener was taken anew");
            }
            refused = "";
        } catch (Exception e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(refused)) {
                refused = reason;
                LOG.error(
                        "a certificate changed and cannot be used: that from before stays, until both files are as they should be. {}",
                        reason);
            }
        }
    }

    private void use(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext next = SSLContext.getInstance("TLS");
        next.init(keys.getKeyManagers(), new TrustManager[0], null);
        next.getServerSessionContext().setSessionCacheSize(SESSIONS);
        context = next;
    }
}
