package com.espra.protoplex.certificates.identity;

import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.SeedTls;
import com.espra.protoplex.certificates.ServerTrust;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.certificates.TlsFiles;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * What a node is between two changes of its certificate or of the keys that are revoked, for both ends of a connection.
 *
 * <p>Threads: safe from any.
 */
public final class NodeIdentity {

    /** Whose signatures were looked at: nobody gets in here whom the fleet's authority has not signed. */
    private static final int MOST_KNOWN = 20_000;

    private final SpiffeId self;
    private final TlsFiles own;
    private final FleetTrust trust;
    private final RevokedKeys revoked;
    private final InstantSource clock;
    private final Map<X509Certificate, Known> known = new ConcurrentHashMap<>();

    private record Known(SpiffeId id, String key, Instant from, Instant until) {}

    NodeIdentity(SpiffeId self, TlsFiles own, FleetTrust trust, RevokedKeys revoked, InstantSource clock) {
        this.self = self;
        this.own = own;
        this.trust = trust;
        this.revoked = revoked;
        this.clock = clock;
    }

    /** This node. */
    public SpiffeId self() {
        return self;
    }

    /**
     * The TLS 1.3 of a client: it shows this node's certificate, and trusts at each address the node that should be there and nobody else. It
     * has no memory of connections of another context, so what was revoked before this was made gets no new one.
     *
     * @throws IOException if this node's certificate cannot be read; the message names the file
     */
    public SSLContext connecting(PeerNames names) throws IOException {
        return SeedTls.context(Optional.of(own), new ServerTrust() {
            @Override
            protected void check(X509Certificate[] chain, String host, int port) throws CertificateException {
                Instant now = clock.instant();
                String name = names.at(host, port);
                SpiffeId id = good(known(trust.serving(chain, now), chain[0]), now);
                if (!id.node().equals(name)) {
                    throw new CertificateException("it is that of " + id.node() + ", and "
                            + (name.isEmpty() ? "nobody" : name) + " should be at " + host + ":" + port);
                }
            }
        });
    }

    /**
     * Who has shown a certificate to a server of this node. To be asked for each request: it may have ended since, or been revoked.
     *
     * @param chain what {@code EndPoint.SslSessionData} has of the client; its key is proved by TLS
     * @return the node
     * @throws CertificateException if it is not a node of this fleet, or not now, or its key was revoked; the message says so
     */
    public SpiffeId client(X509Certificate[] chain) throws CertificateException {
        Instant now = clock.instant();
        Known before = chain.length == 0 ? null : known.get(chain[0]);
        if (before != null && !now.isBefore(before.from()) && !now.isAfter(before.until())) {
            return good(before, now);
        }
        Known found = known(trust.node(chain, now), chain[0]);
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        known.put(chain[0], found);
        return good(found, now);
    }

    private static Known known(SpiffeId id, X509Certificate certificate) {
        return new Known(
                id,
                KeyDigest.of(certificate.getPublicKey()),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    private SpiffeId good(Known node, Instant now) throws CertificateException {
        if (!node.id().fleet().equals(self.fleet())) {
            throw new CertificateException("it is of the fleet " + node.id().fleet());
        }
        RevokedKeys.Revoked out = revoked.keys().get(node.key());
        if (out != null) {
            throw new CertificateException("the certificate of " + node.id().node() + " was revoked at "
                    + Instant.ofEpochMilli(out.at()) + " (it is " + now + ")");
        }
        return node.id();
    }
}
