package com.espra.protoplex.relay.head;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.relay.NodeDoors;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.certificates.identity.FleetIdentity;
import com.espra.protoplex.certificates.identity.NodeIdentity;
import com.espra.protoplex.relay.upstream.NodeTls;
import com.espra.protoplex.relay.upstream.TargetKey;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * What this node shows those that it relays to, and where, and what it believes of those that relay to it: a certificate of the fleet, over
 * TLS; else the token of the Seed's machine, which does not leave that machine. The same rules as those of calls.
 */
@Component(
        service = {FleetCredentials.class, NodeDoors.class},
        configurationPid = FleetProof.PID)
public final class FleetCredentials implements NodeProof, NodeDoors {

    private static final String FLEET = "fleet";
    private static final String META = "meta";
    private static final String SECURE = "https";
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]");

    private final FleetProof token;
    private volatile @Nullable Shown shown;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable FleetIdentity identity;

    /** A certificate of this node, and the TLS of a client that shows it. */
    private record Shown(NodeIdentity identity, SSLContext context) {}

    @Activate
    public FleetCredentials(FleetProof.Config config) {
        this(new FleetProof(config.tokenFile()), null);
    }

    /** @param identity of a node that may have a certificate */
    public FleetCredentials(FleetProof token, @Nullable FleetIdentity identity) {
        this.token = token;
        this.identity = identity;
    }

    private Optional<NodeIdentity> certificate() {
        FleetIdentity present = identity;
        return present == null ? Optional.empty() : present.now();
    }

    private String trouble() {
        FleetIdentity present = identity;
        return present == null ? "this node has no certificate of a fleet" : present.trouble();
    }

    @Override
    public boolean isCertified() {
        return certificate().isPresent();
    }

    @Override
    public Optional<URI> address(FleetNode node) {
        Optional<URI> secure = told(node, FLEET).filter(FleetCredentials::isSecure);
        if (secure.isPresent() && isCertified()) {
            return secure;
        }
        return told(node, META).filter(near -> token.isConfigured() && isOnThisMachine(near));
    }

    private static Optional<URI> told(FleetNode node, String listener) {
        String told = node.addresses().getOrDefault(listener, "");
        try {
            URI address = URI.create(told);
            return address.getHost() == null ? Optional.empty() : Optional.of(address);
        } catch (IllegalArgumentException e) {
            // What a node says of itself is its own matter.
            return Optional.empty();
        }
    }

    @Override
    public String unreachable(FleetNode node) {
        if (node.addresses().isEmpty()) {
            return "it has told no address";
        }
        if (!node.addresses().containsKey(FLEET)) {
            return "it is not on this machine, and has no listener '" + FLEET + "': start it once more with"
                    + " ./protoplex up, which gives it one where the Seed has an address for other machines";
        }
        return isCertified() ? "its listener '" + FLEET + "' has no address of https" : trouble();
    }

    @Override
    public TargetKey key(Target target) throws IOException {
        TargetKey key = TargetKey.of(target.address());
        return target.isNode() && key.secure() ? key.with(tls(target.node())) : key;
    }

    private NodeTls tls(String node) throws IOException {
        NodeIdentity now = certificate().orElseThrow(() -> new IOException(trouble()));
        Shown made = shown;
        if (made == null || !made.identity().equals(now)) {
            made = show(now);
        }
        return new NodeTls(now, made.context(), node);
    }

    private synchronized Shown show(NodeIdentity now) throws IOException {
        Shown made = shown;
        if (made == null || !made.identity().equals(now)) {
            // Engines are made with the name of the node that is meant, and not with that of its host.
            made = new Shown(now, now.connecting((node, port) -> node));
            shown = made;
        }
        return made;
    }

    @Override
    public String of(Target target) throws IOException {
        if (isSecure(target.address())) {
            return "";
        }
        if (!isOnThisMachine(target.address())) {
            throw new IOException("the token of the fleet is for nodes of this machine, and is not sent to "
                    + target.address().getHost() + ": let that machine join with a certificate (./protoplex join)");
        }
        return token.now();
    }

    /**
     * Why somebody may not relay to this node, in words that are for him; empty if he may.
     *
     * @throws IOException if that cannot be looked at now; the message is for who runs this node
     */
    public Optional<String> refusal(Request request) throws IOException {
        if (request.isSecure()) {
            return ofCertificate(request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE));
        }
        return token.isOfTheFleet(request.getHeaders().get(NodeHead.PROOF))
                ? Optional.empty()
                : Optional.of("only nodes of the fleet relay to this one: see seed.tokenFile on both");
    }

    private Optional<String> ofCertificate(@Nullable Object session) throws IOException {
        NodeIdentity own = certificate().orElseThrow(() -> new IOException(trouble()));
        X509Certificate[] chain = session instanceof EndPoint.SslSessionData tls ? tls.peerCertificates() : null;
        if (chain == null || chain.length == 0) {
            return Optional.of("only nodes of the fleet relay to this one: show the certificate of one");
        }
        try {
            own.client(chain);
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("the certificate that was shown is not good here: " + e.getMessage());
        }
    }

    private static boolean isSecure(URI address) {
        return SECURE.equalsIgnoreCase(address.getScheme());
    }

    private static boolean isOnThisMachine(URI address) {
        String host = address.getHost();
        return !isSecure(address) && host != null && LOOPBACK.matcher(host).matches();
    }
}
