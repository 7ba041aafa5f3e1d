package com.espra.protoplex.http.channel;

import java.util.concurrent.atomic.AtomicLong;

/** What waits for all clients of this process together, and how many channels there may be. */
public final class QueueMemory {

    private static final int PART_OF_HEAP = 8;
    private static final int PART_THAT_MAY_WAIT = 8;
    private static final long LEAST = 4 << 20;
    private static final int MOST_CHANNELS = 100_000;

    private final long most;
    private final int mostChannels;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong channels = new AtomicLong();

    QueueMemory(long most, int mostChannels) {
        this.most = most;
        this.mostChannels = mostChannels;
    }

    /** A part of the heap of this process. */
    public static QueueMemory ofThisProcess() {
        return new QueueMemory(Math.max(LEAST, Runtime.getRuntime().maxMemory() / PART_OF_HEAP), MOST_CHANNELS);
    }

    /**
     * Takes room for a message.
     *
     * @param behind whether something waits for that client already: it is the first to have no more room, for others would pay for it
     * @return whether there is
     */
    boolean take(int size, boolean behind) {
        if (bytes.addAndGet(size) <= (behind ? most / 2 : most)) {
            return true;
        }
        bytes.addAndGet(-size);
        return false;
    }

    /** Whether a good part of the room is taken: what can be written at once is not to wait. */
    boolean isFilling() {
        return bytes.get() > most / PART_THAT_MAY_WAIT;
    }

    void give(long size) {
        bytes.addAndGet(-size);
    }

    boolean open() {
        if (channels.incrementAndGet() <= mostChannels) {
            return true;
        }
        channels.decrementAndGet();
        return false;
    }

    void closed() {
        channels.decrementAndGet();
    }

    long bytes() {
        return bytes.get();
    }
}
