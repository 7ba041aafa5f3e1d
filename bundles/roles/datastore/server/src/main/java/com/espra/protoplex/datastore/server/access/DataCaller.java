package com.espra.protoplex.datastore.server.access;

import com.espra.protoplex.datastore.model.RefusedException;
import com.google.rpc.Code;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who asks: what it may, how much of the datastore it has at the moment, and what it has done since the store was opened.
 *
 * <p>Threads: safe from any.
 */
public final class DataCaller {

    /** Of all that are under way; what one caller leaves is for the others. */
    public static final int MOST_REQUESTS = 192;

    /** Of the memory for bodies. */
    public static final int MOST_KIB = 96 << 10;

    private final String id;
    private final DataScope scope;
    private final Semaphore requests = new Semaphore(MOST_REQUESTS);
    private final Semaphore kib = new Semaphore(MOST_KIB);
    private final Semaphore answerKib = new Semaphore(MOST_KIB);
    private final LongAdder asked = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder sent = new LongAdder();

    DataCaller(String id, DataScope scope) {
        this.id = id;
        this.scope = scope;
    }

    /** By which logs and meters name it. */
    public String id() {
        return id;
    }

    /** What it may. */
    public DataScope scope() {
        return scope;
    }

    /**
     * A request begins.
     *
     * @throws RefusedException if too many of this caller are under way; others may go on
     */
    public void begin() {
        asked.increment();
        if (!requests.tryAcquire()) {
            refused.increment();
            throw tooMuch();
        }
    }

    /** It has ended, well or not. */
    public void end(boolean good) {
        requests.release();
        if (!good) {
            refused.increment();
        }
    }

    /** Takes room for a part of a body. */
    public void take(int moreKib) {
        if (!kib.tryAcquire(moreKib)) {
            throw tooMuch();
        }
        sent.add(moreKib);
    }

    /** Gives it back. */
    public void give(int takenKib) {
        kib.release(takenKib);
    }

    /** Takes room for an answer, until it is read. */
    public void takeAnswer(int wantedKib) {
        if (!answerKib.tryAcquire(wantedKib)) {
            throw tooMuch();
        }
    }

    /** Gives it back. */
    public void giveAnswer(int takenKib) {
        answerKib.release(takenKib);
    }

    private RefusedException tooMuch() {
        return new RefusedException(
                Code.UNAVAILABLE, "the caller " + id + " asks for too much at once: try again later");
    }

    /** How many requests it has made. */
    public long asked() {
        return asked.sum();
    }

    /** How many of these were not carried out. */
    public long refused() {
        return refused.sum();
    }

    /** How much it has sent, in KiB, each request rounded up. */
    public long sentKib() {
        return sent.sum();
    }

    /** How many are under way. */
    public int underWay() {
        return MOST_REQUESTS - requests.availablePermits();
    }
}
