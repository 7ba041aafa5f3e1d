package com.espra.protoplex.http.front;

import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Load balancers before a listener, whose fields X-Forwarded-For and X-Forwarded-Proto are believed. Each of them appends who has sent it the
 * request, so the list is read from its end, up to the first address that is none of theirs: what stands before that, anybody may have
 * written. The field Host goes on as it was, so X-Forwarded-Host is not looked at.
 *
 * <p>Threads: safe from any.
 */
public final class Forwarders {

    /** Nobody is believed. */
    public static final Forwarders NONE = new Forwarders(TrustedProxies.NONE);

    /** More are not looked through. */
    private static final int MOST = 32;

    /** Of an address of IPv4: Java takes fewer for one, too. */
    private static final int DOTS = 3;

    private final TrustedProxies trusted;

    /**
     * Whose request it is.
     *
     * @param address port 0: it is not known
     * @param secure whether the client speaks TLS
     */
    public record Client(InetSocketAddress address, boolean secure) {}

    public Forwarders(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    /** Whether what comes from there is believed. */
    public boolean trusts(@Nullable SocketAddress peer) {
        return this != NONE && peer instanceof InetSocketAddress inet && isTrusted(inet.getAddress());
    }

    private boolean isTrusted(@Nullable InetAddress address) {
        return address != null && trusted.contains(address);
    }

    /**
     * The client of a request that has come from one of them.
     *
     * @param peer who has sent it
     * @param secure whether that was by TLS
     * @param forwarded the fields X-Forwarded-For
     * @param schemes the fields X-Forwarded-Proto
     */
    public Client client(InetSocketAddress peer, boolean secure, List<String> forwarded, List<String> schemes) {
        InetSocketAddress client = peer;
        int looked = 0;
        for (int i = forwarded.size() - 1; i >= 0; i--) {
            String[] each = forwarded.get(i).split(",", -1);
            for (int j = each.length - 1; j >= 0; j--) {
                InetSocketAddress next = ++looked > MOST ? null : address(each[j].strip());
                if (next == null) {
                    return new Client(client, isSecure(secure, schemes));
                }
                client = next;
                if (!isTrusted(next.getAddress())) {
                    return new Client(client, isSecure(secure, schemes));
                }
            }
        }
        return new Client(client, isSecure(secure, schemes));
    }

    /** Of several the last: the others may be anybody's. */
    private static boolean isSecure(boolean otherwise, List<String> schemes) {
        if (schemes.isEmpty()) {
            return otherwise;
        }
        String all = schemes.getLast();
        String said = all.substring(all.lastIndexOf(',') + 1).strip();
        return said.equalsIgnoreCase("https") || (!said.equalsIgnoreCase("http") && otherwise);
    }

    /** An address, perhaps with a port: {@code 10.0.0.7}, {@code 10.0.0.7:4711}, {@code 2001:db8::7}, {@code [2001:db8::7]:4711}. */
    private static @Nullable InetSocketAddress address(String text) {
        String host = text;
        String port = "";
        int colon = text.lastIndexOf(':');
        int close = text.lastIndexOf(']');
        if (text.startsWith("[") && close > 0) {
            host = text.substring(1, close);
            port = close + 1 < text.length() && text.charAt(close + 1) == ':' ? text.substring(close + 2) : "";
        } else if (colon > 0 && text.indexOf(':') == colon) {
            host = text.substring(0, colon);
            port = text.substring(colon + 1);
        }
        boolean six = host.indexOf(':') >= 0;
        if (!six && host.chars().filter(c -> c == '.').count() != DOTS) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(host), port.isEmpty() ? 0 : Integer.parseInt(port));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
