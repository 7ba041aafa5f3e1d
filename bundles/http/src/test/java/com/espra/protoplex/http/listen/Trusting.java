package com.espra.protoplex.http.listen;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.TlsFiles;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** What a client needs that trusts one certificate, and no other. */
public final class Trusting {

    private Trusting() {}

    public static SSLContext only(TlsFiles tls) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("self", PemFiles.chain(tls.certificate())[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        TrustManager[] managers = trust.getTrustManagers();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context;
    }
}
