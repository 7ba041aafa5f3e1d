package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.live.mercure.request.MercureRefusal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * How many streams there are, and what their matchers come to: of an address, and of all. Of IPv6 the network of 64 bits is the address, for
 * that is what one client has.
 *
 * <p>Threads: safe.
 */
final class OpenStreams {

    /** Of the matchers of all streams of an address: some 8 MiB. */
    static final int MOST_STATES_OF_ADDRESS = 65_536;

    /** Of the matchers of all streams: some 128 MiB. */
    static final int MOST_STATES = 1 << 20;

    private record Count(int streams, int states) {}

    private static final Count NONE = new Count(0, 0);

    private final int most;

    // Guarded by this.
    private final Map<String, Count> open = new HashMap<>();
    private int states;

    /** @param most how many streams an address has */
    OpenStreams(int most) {
        this.most = most;
    }

    /**
     * Another stream; to be {@link #close}d.
     *
     * @throws MercureRefusal if it is one too many
     */
    synchronized void open(String address, int matchers) throws MercureRefusal {
        Count before = open.getOrDefault(key(address), NONE);
        if (before.streams() >= most) {
            throw MercureRefusal.of(
                    429, "your address has " + most + " streams: close some, or subscribe to more by one of them");
        }
        if (matchers > 0 && before.states() + matchers > MOST_STATES_OF_ADDRESS) {
            throw MercureRefusal.of(
                    429, "the patterns of your address come to too much: use fewer, or simpler ones, or match_exact");
        }
        if (matchers > 0 && states + matchers > MOST_STATES) {
            throw MercureRefusal.of(
                    429, "the patterns of all who subscribe here come to too much: use match_exact, or come again");
        }
        count(address, matchers);
    }

    /** A stream that is there already, as one that comes from the version before: it is counted and never refused. */
    synchronized void count(String address, int matchers) {
        open.merge(
                key(address),
                new Count(1, matchers),
                (a, b) -> new Count(a.streams() + b.streams(), a.states() + b.states()));
        states += matchers;
    }

    /** It has gone. */
    synchronized void close(String address, int matchers) {
        states -= matchers;
        open.computeIfPresent(
                key(address),
                (_, count) -> count.streams() == 1 ? null : new Count(count.streams() - 1, count.states() - matchers));
    }

    private static String key(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // A literal: nobody is asked for it.
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, 8)
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
