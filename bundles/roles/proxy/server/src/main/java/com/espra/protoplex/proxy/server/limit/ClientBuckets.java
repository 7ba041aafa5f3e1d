package com.espra.protoplex.proxy.server.limit;

import com.espra.protoplex.proxy.server.config.Rate;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket for each client and limit: a network of /64 is one client (RFC 6177), since whoever has an address of it has all. At most 100,000;
 * beyond that, newcomers of one limit share a bucket until others have been silent for long enough to be forgotten.
 *
 * <p>Threads: safe from any.
 */
final class ClientBuckets {

    static final int MOST = 100_000;

    private static final long SWEEP_NANOS = 1_000_000_000L;

    private record Key(int limit, long network) {}

    private final Map<Key, Bucket> buckets = new ConcurrentHashMap<>();
    private final Map<Integer, Bucket> newcomers = new ConcurrentHashMap<>();
    private final AtomicLong swept;

    ClientBuckets(long nowNanos) {
        swept = new AtomicLong(nowNanos - SWEEP_NANOS);
    }

    long take(int limit, Rate rate, InetSocketAddress client, long nowNanos) {
        Key key = new Key(limit, network(client));
        Bucket known = buckets.get(key);
        if (known == null) {
            if (buckets.size() >= MOST) {
                sweep(nowNanos);
            }
            known = buckets.size() < MOST
                    ? buckets.computeIfAbsent(key, _ -> new Bucket(nowNanos))
                    : newcomers.computeIfAbsent(limit, _ -> new Bucket(nowNanos));
        }
        return known.take(rate, nowNanos);
    }

    /** Once a second at most: it looks at all. */
    private void sweep(long nowNanos) {
        long before = swept.get();
        if (nowNanos - before >= SWEEP_NANOS && swept.compareAndSet(before, nowNanos)) {
            buckets.values().removeIf(bucket -> bucket.isFull(nowNanos));
        }
    }

    int size() {
        return buckets.size();
    }

    private static long network(InetSocketAddress client) {
        InetAddress address = client.getAddress();
        if (address == null) {
            return client.getHostString().hashCode();
        }
        byte[] octets = address.getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(octets).getLong()
                // No network of IPv6 that a client can have begins so: these are of multicast.
                : 0xFFFF_FFFF_0000_0000L | (ByteBuffer.wrap(octets).getInt() & 0xFFFF_FFFFL);
    }
}
