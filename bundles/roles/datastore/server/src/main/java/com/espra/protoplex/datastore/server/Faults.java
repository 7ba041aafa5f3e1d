package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.google.rpc.Code;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong on purpose, so that programs can be tested against it. Nothing does unless it is asked for; a node has no way to ask.
 *
 * <p>Threads: safe from any.
 */
public final class Faults {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final AtomicInteger aborted = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private volatile Duration delay = Duration.ZERO;

    /** Answers the next commits by ABORTED, without carrying them out, as if another transaction had been quicker. */
    public void abortCommits(int count) {
        aborted.set(requireCount(count));
    }

    /** Answers the next requests by UNAVAILABLE, without carrying them out. */
    public void refuseRequests(int count) {
        unavailable.set(requireCount(count));
    }

    /**
     * Lets each request wait before it is carried out.
     *
     * @param each zero to a minute
     */
    public void delay(Duration each) {
        if (each.isNegative() || each.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a delay is 0 to 60 s, and not " + each);
        }
        delay = each;
    }

    /** Nothing goes wrong from now on. */
    public void clear() {
        aborted.set(0);
        unavailable.set(0);
        delay = Duration.ZERO;
    }

    private static int requireCount(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a count is not negative: " + count);
        }
        return count;
    }

    /** @param path of HTTP or gRPC */
    void before(String path) throws InterruptedException {
        if (!delay.isZero()) {
            Thread.sleep(delay);
        }
        if (takes(unavailable)) {
            throw new RefusedException(Code.UNAVAILABLE, "unavailable, as a test wants it");
        }
        String call = path.toLowerCase(Locale.ROOT);
        if ((call.endsWith(":commit") || call.endsWith("/commit")) && takes(aborted)) {
            throw new RefusedException(Code.ABORTED, "aborted, as a test wants it: retry the transaction");
        }
    }

    private static boolean takes(AtomicInteger left) {
        return left.get() > 0 && left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }
}
