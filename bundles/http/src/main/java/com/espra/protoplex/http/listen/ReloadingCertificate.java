package com.espra.protoplex.http.listen;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TLS of a listener. When its files change, new connections get the new certificate; a bad file changes nothing. */
final class ReloadingCertificate extends AbstractLifeCycle {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadingCertificate.class);
    private static final long LOOK_SECONDS = 5;

    private final TlsFiles tls;
    private final Scheduler scheduler;
    private final SslContextFactory.Server context = new OwnCertificate();
    private volatile Scheduler.Task next = () -> false;
    private FileTime loaded;

    ReloadingCertificate(TlsFiles tls, Scheduler scheduler) throws IOException {
        this.tls = tls;
        this.scheduler = scheduler;
        loaded = changed();
        use(context, PemFiles.keyStore(tls));
    }

    SslContextFactory.Server context() {
        return context;
    }

    @Override
    protected void doStart() {
        again();
    }

    @Override
    protected void doStop() {
        next.cancel();
    }

    private void again() {
        next = scheduler.schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            reload();
        } catch (Exception e) {
            LOG.error(
                    "{} changed and cannot be used: the certificate from before stays. {}",
                    tls.certificate(),
                    e.getMessage());
        } finally {
            if (isRunning()) {
                again();
            }
        }
    }

    /** Looks whether the files have changed since they were read, and if so takes them. */
    void reload() throws Exception {
        FileTime now = changed();
        if (now.equals(loaded)) {
            return;
        }
        loaded = now;
        PemFiles.requireMatch(tls);
        KeyStore store = PemFiles.keyStore(tls);
        context.reload(factory -> use(factory, store));
        LOG.info("the certificate {} was taken anew", tls.certificate());
    }

    private FileTime changed() throws IOException {
        FileTime certificate = Files.getLastModifiedTime(tls.certificate());
        FileTime key = Files.getLastModifiedTime(tls.key());
        return certificate.compareTo(key) > 0 ? certificate : key;
    }

    private static void use(SslContextFactory context, KeyStore store) {
        context.setKeyStore(store);
        context.setKeyStorePassword("");
    }

    /** Shows its own certificate and asks for none: without this, Java reads all the authorities of the world to trust them. */
    private static final class OwnCertificate extends SslContextFactory.Server {

        @Override
        protected TrustManager[] getTrustManagers(KeyStore trusted, Collection<? extends CRL> revoked) {
            return new TrustManager[0];
        }
    }
}
