package com.espra.protoplex.calls.receive;

import com.espra.protoplex.calls.children.ChildKey;
import com.espra.protoplex.calls.wire.Credentials;
import com.espra.protoplex.certificates.identity.NodeIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The one place that says who may call the roles of this process: over TLS who has a certificate of the fleet; else who has the token of the
 * Seed's machine, or is the parent of this process.
 */
public final class Callers {

    private static final String SCHEME = "Bearer ";

    private final Credentials credentials;
    private final byte[] parent;

    /** @param parent by what this process knows its parent, if it has one */
    public Callers(Credentials credentials, ChildKey parent) {
        this.credentials = credentials;
        this.parent = (SCHEME + parent.key()).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Why somebody may not call, in words that are for him; empty if he may.
     *
     * @throws IOException if that cannot be looked at now; the message is for who runs this node
     */
    Optional<String> refusal(Request request) throws IOException {
        if (request.isSecure()) {
            return ofCertificate(request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE));
        }
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return isParent(authorization) || credentials.token().isOfTheFleet(authorization)
                ? Optional.empty()
                : Optional.of("this needs the token of the fleet: send that of seed.tokenFile as a bearer token");
    }

    private boolean isParent(@Nullable String authorization) {
        return authorization != null
                && MessageDigest.isEqual(parent, authorization.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Optional<String> ofCertificate(@Nullable Object session) throws IOException {
        NodeIdentity own = credentials
                .certificate()
                .orElseThrow(() -> new IOException("this node has no certificate by which it could judge others"));
        X509Certificate[] chain = session instanceof EndPoint.SslSessionData tls ? tls.peerCertificates() : null;
        if (chain == null || chain.length == 0) {
            return Optional.of("this needs the certificate of a node of this fleet, over TLS");
        }
        try {
            own.client(chain);
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("the certificate that was shown is not good here: " + e.getMessage());
        }
    }
}
