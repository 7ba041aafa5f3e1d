package com.espra.protoplex.certificates;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Looks at what a server shows, by the fleet's rules alone. An extended trust manager: Java adds no rules of its own to it, as that a name of
 * a host has to be in the certificate.
 *
 * <p>Threads: must be safe from any.
 */
public abstract class ServerTrust extends X509ExtendedTrustManager {

    /**
     * Looks at a certificate, and what vouches for it.
     *
     * @param host that is connected to, as the client has written it; empty if it is not known
     * @param port that is connected to; -1 if it is not known
     * @throws CertificateException if it is not trusted; the message says why
     */
    protected abstract void check(X509Certificate[] chain, String host, int port) throws CertificateException;

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, "", -1);
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        if (socket != null && socket.getRemoteSocketAddress() instanceof InetSocketAddress to) {
            check(chain, to.getHostString(), to.getPort());
        } else {
            check(chain, "", -1);
        }
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        String host = engine == null ? null : engine.getPeerHost();
        check(chain, host == null ? "" : host, engine == null ? -1 : engine.getPeerPort());
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this end is no server");
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public final X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
