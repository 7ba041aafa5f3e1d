package com.espra.protoplex.relay.upstream;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What connections are kept for.
 *
 * @param secure whether by TLS
 * @param host a name or an address, without brackets
 * @param port of the server
 * @param node by what it is known as a node of the fleet, and this one to it; null: it is none, or is known by other means
 * @param once whether each connection has one request alone: it begins with what is said of one client
 */
public record TargetKey(
        boolean secure, String host, int port, @Nullable NodeTls node, boolean once) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /**
     * The origin of a target's address.
     *
     * @throws IllegalArgumentException if it is not {@code http://host:port} or {@code https://host:port}
     */
    public static TargetKey of(URI address) {
        boolean secure = "https".equalsIgnoreCase(address.getScheme());
        String host = address.getHost();
        if (host == null || (!secure && !"http".equalsIgnoreCase(address.getScheme()))) {
            throw new IllegalArgumentException(
                    "the target " + address + " is not http://host:port or https://host:port");
        }
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = address.getPort();
        return new TargetKey(secure, host, port >= 0 ? port : secure ? HTTPS : HTTP, null, false);
    }

    /** The same place, for connections of the fleet. */
    public TargetKey with(NodeTls its) {
        return new TargetKey(secure, host, port, its, once);
    }

    /** The same place, for connections of one request each. */
    public TargetKey forOne() {
        return new TargetKey(secure, host, port, node, true);
    }

    /** As in the field Host: without the scheme's own port. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (secure ? HTTPS : HTTP) ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
