package com.espra.protoplex.live.server.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many connections an address has, and how much it asks. Of both there is a bound over all addresses. Of IPv6 the first 64 bits count: who has one
 * address has all that begin so.
 */
public final class AddressLimits {

    private static final int MOST_ADDRESSES = 10_000;
    private static final int MOST_CONNECTIONS = 200_000;
    private static final int BURST = 10;
    private static final int IPV6 = 16;
    private static final int NETWORK = 8;

    private final int connections;
    private final int perSecond;
    private final LongSupplier nanos;

    // Guarded by this.
    private final Map<String, Integer> open = new HashMap<>();
    private int allOpen;
    private final Map<String, Allowance> allowances = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Allowance> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private static final class Allowance {
        double left;
        long counted;
    }

    AddressLimits(int connections, int perSecond, LongSupplier nanos) {
        this.connections = connections;
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    /** Another connection; to be {@link #close}d. */
    public synchronized boolean open(String client) {
        String address = network(client);
        if (allOpen >= MOST_CONNECTIONS || open.getOrDefault(address, 0) >= connections) {
            return false;
        }
        add(address);
        return true;
    }

    /** A connection that is there already, as one that comes from the version before: it is counted and never refused. */
    public synchronized void count(String client) {
        add(network(client));
    }

    private void add(String address) {
        allOpen++;
        open.merge(address, 1, Integer::sum);
    }

    /** It has gone. */
    public synchronized void close(String client) {
        String address = network(client);
        allOpen--;
        open.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    /** Whether the address may ask for something now. */
    public synchronized boolean mayAsk(String client) {
        String address = network(client);
        long now = nanos.getAsLong();
        int most = BURST * perSecond;
        Allowance allowance = allowances.computeIfAbsent(address, _ -> {
            Allowance full = new Allowance();
            full.left = most;
            full.counted = now;
            return full;
        });
        double passed = (double) (now - allowance.counted) / TimeUnit.SECONDS.toNanos(1);
        allowance.left = Math.min(most, allowance.left + passed * perSecond);
        allowance.counted = now;
        if (allowance.left < 1) {
            return false;
        }
        allowance.left -= 1;
        return true;
    }

    /** What counts as one: an address of IPv4, also if it is written as one of IPv6, and the network of one of IPv6. */
    private static String network(String client) {
        if (client.indexOf(':') < 0) {
            return client;
        }
        String address = client.replace("[", "").replace("]", "");
        int zone = address.indexOf('%');
        try {
            // With colons it is never looked up.
            byte[] bytes = InetAddress.getByName(zone < 0 ? address : address.substring(0, zone))
                    .getAddress();
            return bytes.length == IPV6
                    ? HexFormat.of().formatHex(bytes, 0, NETWORK)
                    : InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            return client;
        }
    }
}
