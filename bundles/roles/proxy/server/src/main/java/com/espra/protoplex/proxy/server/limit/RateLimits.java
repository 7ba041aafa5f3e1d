package com.espra.protoplex.proxy.server.limit;

import com.espra.protoplex.proxy.server.config.Rate;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who is over which limit. Threads: safe from any. */
public final class RateLimits {

    private final LongSupplier nanos;
    private final Map<Rate, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Rate, Bucket> routes = new ConcurrentHashMap<>();
    private final ClientBuckets clients;

    /** @param nanos the clock, in nanoseconds */
    public RateLimits(LongSupplier nanos) {
        this.nanos = nanos;
        this.clients = new ClientBuckets(nanos.getAsLong());
    }

    /** A limit that is reached, and when it will not be. */
    public record Reached(Rate rate, long waitNanos) {

        /** In how many seconds to come again: at least one. */
        public long retrySeconds() {
            return Math.max(1, (waitNanos + 999_999_999L) / 1_000_000_000L);
        }

        /** The fields of draft-ietf-httpapi-ratelimit-headers-10, and Retry-After. */
        public Map<String, String> fields() {
            String name = rate.ofClient() ? "\"client\"" : "\"route\"";
            return Map.of(
                    "RateLimit-Policy",
                    name + ";q=" + rate.requests() + ";w=" + rate.seconds(),
                    "RateLimit",
                    name + ";r=0;t=" + retrySeconds(),
                    "Retry-After",
                    String.valueOf(retrySeconds()));
        }
    }

    /** Counts a request. The client's own limit first: one who is over it takes nothing from what all have together. */
    public @Nullable Reached count(List<Rate> rates, InetSocketAddress client) {
        long now = nanos.getAsLong();
        for (Rate rate : rates) {
            if (rate.ofClient()) {
                int number = numbers.computeIfAbsent(rate, _ -> next.getAndIncrement());
                long wait = clients.take(number, rate, client, now);
                if (wait > 0) {
                    return new Reached(rate, wait);
                }
            }
        }
        for (Rate rate : rates) {
            if (!rate.ofClient()) {
                long wait = routes.computeIfAbsent(rate, _ -> new Bucket(now)).take(rate, now);
                if (wait > 0) {
                    return new Reached(rate, wait);
                }
            }
        }
        return null;
    }

    /** How many clients are remembered. */
    public int clients() {
        return clients.size();
    }
}
