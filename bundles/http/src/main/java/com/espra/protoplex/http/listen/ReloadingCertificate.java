package com.espra.protoplex.http.listen;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.TakenCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of a listener. When the content of its files changes, new connections get the new certificate; a bad file changes nothing, and a
 * certificate whose key is not there yet is taken as soon as that comes.
 */
final class ReloadingCertificate extends AbstractLifeCycle {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadingCertificate.class);
    private static final long LOOK_SECONDS = 5;

    private final TlsFiles tls;
    private final HostCertificates hosts;
    private final HostSelector selector = new HostSelector(PemFiles.ALIAS);
    private final Scheduler scheduler;
    private final SslContextFactory.Server context;
    private volatile Scheduler.Task next = () -> false;
    private final TakenCertificate taken;
    private String refused = "";

    ReloadingCertificate(TlsFiles tls, @Nullable Path hosts, boolean clientCertificates, Scheduler scheduler)
            throws IOException {
        this.tls = tls;
        this.scheduler = scheduler;
        this.hosts = new HostCertificates(hosts);
        this.context = clientCertificates ? new AskedCertificates() : new OwnCertificate();
        if (hosts != null) {
            context.setSNISelector((kind, issuers, session, host, ofKind) -> selector.select(host, ofKind));
        }
        this.hosts.look();
        try {
            taken = new TakenCertificate(tls, store -> use(context, all(store)));
            this.hosts.shown();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
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
            refused = "";
        } catch (Exception e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(refused)) {
                refused = reason;
                LOG.error(
                        "{} changed and cannot be used: the certificate from before stays, until both files are as they should be. {}",
                        tls.certificate(),
                        reason);
            }
        } finally {
            if (isRunning()) {
                again();
            }
        }
    }

    /** Looks whether the files are others than those that were taken, and if so takes them. */
    void reload() throws Exception {
        hosts.look();
        try {
            if (taken.look(this::show)) {
                LOG.info("the certificate {} was taken anew", tls.certificate());
            }
        } finally {
            // Also while the listener's own is bad.
            if (hosts.isChanged()) {
                show(taken.store());
            }
        }
    }

    private void show(KeyStore its) throws Exception {
        KeyStore all = all(its);
        context.reload(factory -> use(factory, all));
        hosts.shown();
    }

    private KeyStore all(KeyStore its) throws Exception {
        KeyStore all = hosts.with(its);
        List<X509> names = new ArrayList<>();
        for (String alias : Collections.list(all.aliases())) {
            if (all.getCertificate(alias) instanceof X509Certificate certificate) {
                names.add(new X509(alias, certificate));
            }
        }
        selector.use(names);
        return all;
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
