package com.espra.protoplex.agent.link;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By what others reach this node: what the fleet is told of its listeners, and what of the others' it can use. A node whose Seed is on another
 * machine says by what its packets to the Seed come, unless node.json says otherwise; what it has for its own machine alone is nobody else's.
 *
 * <p>Threads: safe from any.
 */
public final class ReachedBy {

    private static final Logger LOG = LoggerFactory.getLogger(ReachedBy.class);

    private final String configured;
    private final Optional<SeedAddress> seed;
    private final boolean far;
    private volatile String host;

    /**
     * @param configured the host; empty: it is found
     * @param seed that this node follows
     */
    public ReachedBy(String configured, Optional<SeedAddress> seed) {
        this.configured = configured;
        this.seed = seed;
        this.host = configured;
        this.far = seed.filter(address -> address.certificate().isPresent())
                .map(address -> !isNear(URI.create(address.url())))
                .orElse(false);
    }

    /** Looks again by what this node is reached: it may have moved. It may ask the name service, and then wait for it. */
    public void look() {
        if (configured.isEmpty() && far) {
            URI uri = URI.create(seed.orElseThrow().url());
            try (DatagramSocket socket = new DatagramSocket()) {
                // Nothing is sent: the system says by which of its addresses it would be.
                socket.connect(new InetSocketAddress(InetAddress.getByName(bare(uri.getHost())), uri.getPort()));
                InetAddress local = socket.getLocalAddress();
                if (!local.isAnyLocalAddress() && !local.isLinkLocalAddress()) {
                    host = local.getHostAddress();
                }
            } catch (IOException e) {
                LOG.debug("by what this node is reached is not known anew", e);
            }
        }
    }

    /**
     * What the fleet is told.
     *
     * @param addresses the open listeners: name to URL
     * @param everywhere those that are bound to every address
     */
    public Map<String, String> announced(Map<String, String> addresses, Set<String> everywhere) {
        String by = host;
        if (by.isEmpty()) {
            return addresses;
        }
        Map<String, String> announced = new HashMap<>();
        addresses.forEach((name, address) -> {
            URI uri;
            try {
                uri = URI.create(address);
            } catch (IllegalArgumentException e) {
                LOG.debug("the fleet is not told of the listener {}: '{}' is no address", name, address);
                return;
            }
            if (everywhere.contains(name)) {
                announced.put(name, uri.getScheme() + "://" + bracketed(by) + ":" + uri.getPort());
            } else if (!far || !isNear(uri)) {
                announced.put(name, address);
            }
        });
        return announced;
    }

    /**
     * What of another node's addresses leads to it from here: those of this machine do not, where the other is on another one.
     *
     * @param addresses as the Seed has them
     */
    public Map<String, String> usable(Map<String, String> addresses) {
        if (!far || addresses.isEmpty()) {
            return addresses;
        }
        Map<String, String> usable = new HashMap<>(addresses);
        usable.values().removeIf(ReachedBy::isNear);
        return usable;
    }

    private static boolean isNear(String address) {
        try {
            return isNear(URI.create(address));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether it is of the loopback network. */
    private static boolean isNear(URI uri) {
        String host = uri.getHost() == null ? "" : bare(uri.getHost()).toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}") || host.equals("::1");
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
