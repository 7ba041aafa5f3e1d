package com.espra.protoplex.proxyprotocol;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses whose word is taken for where a connection comes from. */
public final class TrustedProxies {

    /** Nobody is trusted. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final List<Network> networks;

    /** Addresses that begin alike. */
    private record Network(int bytes, int shift, BigInteger prefix) {
        boolean contains(InetAddress address) {
            byte[] its = address.getAddress();
            return its.length == bytes
                    && new BigInteger(1, its).shiftRight(shift).equals(prefix);
        }
    }

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * Reads a list.
     *
     * @param texts addresses ({@code 10.0.0.7}, {@code 2001:db8::7}) or networks ({@code 10.0.0.0/8})
     * @throws IllegalArgumentException if one is neither; the message says which
     */
    public static TrustedProxies of(String... texts) {
        List<Network> networks = new ArrayList<>();
        for (String text : texts) {
            networks.add(network(text));
        }
        return new TrustedProxies(List.copyOf(networks));
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        try {
            byte[] address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash))
                    .getAddress();
            int bits = 8 * address.length;
            int length = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (length >= 0 && length <= bits) {
                int shift = bits - length;
                return new Network(address.length, shift, new BigInteger(1, address).shiftRight(shift));
            }
        } catch (IllegalArgumentException e) {
            throw wrong(text, e);
        }
        throw wrong(text, null);
    }

    private static IllegalArgumentException wrong(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "'" + text + "' is no address and no network: write 10.0.0.7, or 10.0.0.0/8", cause);
    }

    /** Whether this one is trusted. */
    public boolean contains(InetAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
