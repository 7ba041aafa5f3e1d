package com.espra.protoplex.stream.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in, over all stream listeners of the process. What is kept of an address goes with its last connection, and with the second in
 * which it came: so it is bounded by the connections themselves.
 */
public final class StreamGuard {

    private static final int HALF_OF_IPV6 = 8;

    private final Supplier<StreamLimits> limits;
    private final LongSupplier nanos;

    // All of this is guarded by the map.
    private final Map<Object, Address> addresses = new HashMap<>();
    private int open;
    private int came;
    private long second;

    /** What is known of one address. */
    private static final class Address {
        private int open;
        private int came;
    }

    public StreamGuard(Supplier<StreamLimits> limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        this.second = now();
    }

    private long now() {
        return TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
    }

    /** Lets a connection in, that {@link #leave}s later; or says why not. */
    public Optional<Cut> enter() {
        synchronized (addresses) {
            turn();
            StreamLimits now = limits.get();
            if (open >= now.connections()) {
                return Optional.of(Cut.CONNECTIONS);
            }
            if (came >= now.newPerSecond()) {
                return Optional.of(Cut.RATE);
            }
            open++;
            came++;
            return Optional.empty();
        }
    }

    /** Lets one of this address in, that {@link #leave(InetAddress)}s later; or says why not. */
    public Optional<Cut> enter(InetAddress client) {
        synchronized (addresses) {
            turn();
            StreamLimits now = limits.get();
            Address known = addresses.computeIfAbsent(key(client), missing -> new Address());
            if (now.newPerSecondPerAddress() > 0 && known.came >= now.newPerSecondPerAddress()) {
                return Optional.of(Cut.RATE);
            }
            known.came++;
            if (now.connectionsPerAddress() > 0 && known.open >= now.connectionsPerAddress()) {
                return Optional.of(Cut.ADDRESS);
            }
            known.open++;
            return Optional.empty();
        }
    }

    public void leave() {
        synchronized (addresses) {
            open--;
        }
    }

    public void leave(InetAddress client) {
        synchronized (addresses) {
            @Nullable Address known = addresses.get(key(client));
            if (known != null) {
                known.open--;
            }
            turn();
        }
    }

    /** Begins to count anew when a second has gone by; looked at also without connections, so that nothing is kept. */
    public void turn() {
        synchronized (addresses) {
            long now = now();
            if (now != second) {
                second = now;
                came = 0;
                addresses.values().removeIf(address -> address.open == 0);
                addresses.values().forEach(address -> address.came = 0);
            }
        }
    }

    /** How many addresses something is kept of. */
    int known() {
        synchronized (addresses) {
            return addresses.size();
        }
    }

    /** Whoever has one IPv6 address usually has 2^64 of them. */
    private static Object key(InetAddress client) {
        byte[] bytes = client.getAddress();
        return client instanceof Inet6Address ? java.nio.ByteBuffer.wrap(Arrays.copyOf(bytes, HALF_OF_IPV6)) : client;
    }
}
