package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Decision.Times;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.relay.head.OwnPage;
import java.util.concurrent.TimeUnit;

/** How long the parts of a passage take, and whether that is too long. */
final class PassageClock {

    /** A lost packet or a busy phone is no attack. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Times times = Times.USUAL;
    private long minBytesPerSecond;
    private long began;
    private long attempted;
    private long sentAt;
    private long waits;
    private long moved;
    private long bytes;
    private long slowSince;
    private long slowBytes;
    private long queuedMicros;
    private long connectedMicros;
    private long answeredMicros;
    private int tries;

    /** What has passed. */
    enum Look {
        IN_TIME,
        NO_CONNECTION,
        LATE,
        CLIENT
    }

    void begin(Times its, long minOfClient) {
        times = its;
        minBytesPerSecond = minOfClient;
        began = now();
        moved = began;
        waits = began;
        slowSince = began;
        bytes = 0;
        slowBytes = 0;
        tries = 0;
        answeredMicros = 0;
    }

    long now() {
        return System.nanoTime();
    }

    void attempt() {
        attempted = moved = now();
        tries++;
        queuedMicros = 0;
        connectedMicros = 0;
    }

    /** It has waited for its turn: a connection is opened, or was kept. */
    void turn() {
        queuedMicros = micros(now());
    }

    void sending() {
        sentAt = moved = waits = now();
        slowSince = sentAt;
        connectedMicros = micros(sentAt);
    }

    /** All was sent: the answer is waited for. */
    void waiting() {
        waits = moved;
    }

    void moved() {
        moved = now();
    }

    void moved(int more) {
        bytes += more;
    }

    /** The head of the answer is here: nanoseconds since the request was sent. */
    long answered() {
        answeredMicros = micros(moved);
        return moved - sentAt;
    }

    private long micros(long at) {
        return TimeUnit.NANOSECONDS.toMicros(at - began);
    }

    /** For the client. */
    String timing() {
        return OwnPage.timing(connectedMicros, answeredMicros);
    }

    long sinceBegun() {
        return now() - began;
    }

    /** For the access log, as the requests of Jetty's path have it. */
    String note(String target, Outcome outcome) {
        String phase = answeredMicros > 0 ? "answer" : connectedMicros > 0 ? "head" : "connect";
        return target + " queue=" + queuedMicros + "us connect=" + connectedMicros + "us first=" + answeredMicros
                + "us total=" + micros(now()) + "us tries=" + tries + " " + outcome + "/" + phase;
    }

    /**
     * Whether anything has taken too long.
     *
     * @param unwritten bytes that the client has not taken of what it was given last
     */
    Look look(long now, boolean connecting, boolean answered, boolean bodySent, boolean waitsForClient, int unwritten) {
        if (connecting) {
            return now - attempted > times.connect().toNanos() ? Look.NO_CONNECTION : Look.IN_TIME;
        }
        long total = times.total().toNanos();
        if (total > 0 && now - began > total) {
            return Look.LATE;
        }
        if (!answered && bodySent && now - waits > times.head().toNanos()) {
            return Look.LATE;
        }
        if (waitsForClient) {
            return client(now, bytes - unwritten);
        }
        slowSince = now;
        slowBytes = bytes;
        return now - moved > times.idle().toNanos() ? Look.LATE : Look.IN_TIME;
    }

    private Look client(long now, long taken) {
        if (minBytesPerSecond <= 0) {
            // However slow it is, it is not to stand still.
            if (taken != slowBytes) {
                slowSince = now;
                slowBytes = taken;
            }
            return now - slowSince > times.idle().toNanos() ? Look.CLIENT : Look.IN_TIME;
        }
        long time = now - slowSince;
        if (time < GRACE_NANOS) {
            return Look.IN_TIME;
        }
        boolean slow = taken - slowBytes < minBytesPerSecond * TimeUnit.NANOSECONDS.toSeconds(time);
        slowSince = now;
        slowBytes = taken;
        return slow ? Look.CLIENT : Look.IN_TIME;
    }
}
