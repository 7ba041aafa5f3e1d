package com.espra.protoplex.http.listen;

import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a listener listens on.
 *
 * @param name for logs, and for whoever looks its address up
 * @param host the address to bind: {@code 0.0.0.0} for all
 * @param port 0 for one that is free
 * @param tls null for clear text
 * @param clientCertificates whether TLS clients are asked for a certificate; see {@link AskedCertificates}
 * @param proxies whose connections have to begin with a PROXY header, which is believed
 * @param forwarders whose fields X-Forwarded-* are believed
 * @param hosts the folder with the certificates of further hosts; null: there is none
 */
public record ListenerSettings(
        String name,
        String host,
        int port,
        @Nullable TlsFiles tls,
        boolean clientCertificates,
        TrustedProxies proxies,
        Forwarders forwarders,
        @Nullable Path hosts) {

    /** Behind no proxy, and one that asks clients for nothing. */
    public ListenerSettings(String name, String host, int port, @Nullable TlsFiles tls) {
        this(name, host, port, tls, false, TrustedProxies.NONE);
    }

    /** Whose clients' fields are not believed. */
    public ListenerSettings(
            String name,
            String host,
            int port,
            @Nullable TlsFiles tls,
            boolean clientCertificates,
            TrustedProxies proxies) {
        this(name, host, port, tls, clientCertificates, proxies, Forwarders.NONE);
    }

    /** With one certificate. */
    public ListenerSettings(
            String name,
            String host,
            int port,
            @Nullable TlsFiles tls,
            boolean clientCertificates,
            TrustedProxies proxies,
            Forwarders forwarders) {
        this(name, host, port, tls, clientCertificates, proxies, forwarders, null);
    }
}
