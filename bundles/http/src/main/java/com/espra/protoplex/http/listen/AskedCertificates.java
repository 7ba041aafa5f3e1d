package com.espra.protoplex.http.listen;

import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Asks each client for a certificate, over TLS 1.3 alone, and takes whatever comes: the client proves that it has the key, and nothing
 * else. Who may do what is for those who serve there to say, for each request, of
 * {@link org.eclipse.jetty.io.EndPoint.SslSessionData}: they can revoke, and they have words for a certificate that has expired or is
 * another fleet's, where a handshake could only break.
 */
final class AskedCertificates extends SslContextFactory.Server {

    AskedCertificates() {
        setWantClientAuth(true);
        setIncludeProtocols("TLSv1.3");
    }

    @Override
    protected TrustManager[] getTrustManagers(KeyStore trusted, Collection<? extends CRL> revoked) {
        return new TrustManager[] {new Whoever()};
    }

    private static final class Whoever extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("a listener connects to nobody");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            checkServerTrusted(chain, type);
        }

        /** None is named: so a client shows the one that it has. */
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
