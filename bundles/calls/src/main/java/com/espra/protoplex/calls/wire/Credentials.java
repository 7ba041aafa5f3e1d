package com.espra.protoplex.calls.wire;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.certificates.identity.FleetIdentity;
import com.espra.protoplex.certificates.identity.NodeIdentity;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * What this node shows others when it calls them, and where: a certificate on the listener for the fleet, over TLS; else the token of the
 * Seed's machine, which does not leave that machine.
 *
 * <p>Threads: safe from any.
 */
@Component(service = Credentials.class, configurationPid = CallsConfig.PID)
public final class Credentials {

    /** The names of listeners that the fleet reaches, in the directory: over TLS, and on one machine. */
    public static final String FLEET = "fleet";

    public static final String META = "meta";

    private static final String SECURE = "https://";
    private static final Pattern LOOPBACK =
            Pattern.compile("http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])(:[0-9]{1,5})?/?");

    private final FleetToken token;
    private final boolean hasToken;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable FleetIdentity identity;

    @Activate
    public Credentials(CallsConfig config) {
        this(new FleetToken(config.tokenFile(), !config.certificate().isEmpty()), null);
    }

    /** @param identity of a node that may have a certificate */
    public Credentials(FleetToken token, @Nullable FleetIdentity identity) {
        this.token = token;
        this.hasToken = token.isConfigured();
        this.identity = identity;
    }

    /** The token of the Seed's machine. */
    public FleetToken token() {
        return token;
    }

    /** This node's certificate as it is now, if it has one. */
    public Optional<NodeIdentity> certificate() {
        FleetIdentity present = identity;
        return present == null ? Optional.empty() : present.now();
    }

    /**
     * The URL by which this node calls another; empty if it cannot.
     *
     * @param certified whether this node has a certificate
     */
    public Optional<String> address(FleetNode node, boolean certified) {
        String secure = node.addresses().getOrDefault(FLEET, "");
        if (certified && secure.startsWith(SECURE)) {
            return Optional.of(secure);
        }
        String near = node.addresses().getOrDefault(META, "");
        return hasToken && isOnThisMachine(near) ? Optional.of(near) : Optional.empty();
    }

    /** Why there is no such URL, for people. */
    public String unreachable(FleetNode node) {
        boolean certified = certificate().isPresent();
        if (certified && !node.addresses().containsKey(FLEET)) {
            return node.name() + " has no listener '" + FLEET + "' that this node could reach: start it once more with"
                    + " ./protoplex up, which gives it one where the Seed has an address for other machines";
        }
        FleetIdentity present = identity;
        String trouble = certified || present == null ? "" : ": " + present.trouble();
        return node.name() + " is not on this machine, or has joined with a certificate, and this node has none"
                + trouble;
    }

    /**
     * The value of the header {@code Authorization} for an address; empty where the certificate stands for it.
     *
     * @throws IOException if there is no token for it; says which key to set
     */
    public Optional<String> authorization(String address) throws IOException {
        if (address.startsWith(SECURE)) {
            return Optional.empty();
        }
        if (!isOnThisMachine(address)) {
            throw new IOException("the token of the fleet is for nodes of this machine, and is not sent to "
                    + shown(address) + ": let that machine join with a certificate (./protoplex join)");
        }
        return Optional.of(token.authorization());
    }

    private static boolean isOnThisMachine(String address) {
        return LOOPBACK.matcher(address).matches();
    }

    private static String shown(String address) {
        try {
            return String.valueOf(URI.create(address).getHost());
        } catch (IllegalArgumentException e) {
            return "what is no address";
        }
    }
}
