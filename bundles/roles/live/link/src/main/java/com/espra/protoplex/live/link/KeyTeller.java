package com.espra.protoplex.live.link;

import com.espra.protoplex.api.live.KeyListener;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One who wants to hear of keys, told on a thread of its own: one that fails or waits holds up nobody else. What it could not be told, after a few
 * times, and what is too much to be kept for it, is told as everything.
 */
final class KeyTeller {

    private static final Logger LOG = LoggerFactory.getLogger(KeyTeller.class);

    private static final int TIMES = 3;
    private static final long PAUSE_MILLIS = 100;

    /** After it could not be told that everything may have changed, which is tried for as long as it is there. */
    private static final long LONG_PAUSE_MILLIS = 1000;

    /** As many keys wait for it. */
    static final int MOST_WAITING = 10_000;

    private final KeyListener listener;
    private final List<String> beginnings;
    private final Thread thread;

    /** Guarded by this. */
    private Set<String> waiting = new HashSet<>();

    /** Guarded by this: it is to drop all. */
    private boolean isBehind = true;

    private volatile boolean stopped;

    KeyTeller(KeyListener listener, List<String> beginnings) {
        this.listener = listener;
        this.beginnings = List.copyOf(beginnings);
        thread = Thread.ofPlatform().daemon().name("live-key-listener").unstarted(this::run);
    }

    /** It is told from now on, at first to drop all. */
    void start() {
        thread.start();
    }

    List<String> beginnings() {
        return beginnings;
    }

    /** Something that may fail. */
    private interface Telling {
        void tell() throws Exception;
    }

    /** All of it may be wrong. */
    synchronized void isBehind() {
        isBehind = true;
        waiting = new HashSet<>();
        notifyAll();
    }

    /** Tells it, soon, of those keys that it wants to hear of. */
    synchronized void tell(Set<String> changed) {
        for (String key : changed) {
            if (!isBehind && beginnings.stream().anyMatch(key::startsWith)) {
                waiting.add(key);
            }
        }
        if (waiting.size() > MOST_WAITING) {
            isBehind();
        }
        notifyAll();
    }

    private void run() {
        try {
            while (!stopped) {
                Set<String> keys = next();
                if (keys.isEmpty()) {
                    if (!told(listener::everythingMayHaveChanged)) {
                        isBehind();
                        Thread.sleep(LONG_PAUSE_MILLIS);
                    }
                } else if (!told(() -> listener.changed(keys))) {
                    isBehind();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("who hears of the keys {} has gone", beginnings);
        }
    }

    /** Waits for keys; none: it is to drop all. What comes while it is told is told after that. */
    private synchronized Set<String> next() throws InterruptedException {
        while (!isBehind && waiting.isEmpty()) {
            wait();
        }
        Set<String> keys = isBehind ? Set.of() : Set.copyOf(waiting);
        isBehind = false;
        waiting = new HashSet<>();
        return keys;
    }

    private boolean told(Telling telling) throws InterruptedException {
        for (int time = 1; !stopped; time++) {
            try {
                telling.tell();
                return true;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (time == TIMES) {
                    LOG.warn(
                            "who hears of the keys {} failed {} times, and is told to drop all: {}",
                            beginnings,
                            TIMES,
                            e.toString());
                    return false;
                }
                Thread.sleep(PAUSE_MILLIS << time);
            }
        }
        return true;
    }

    /** It is told nothing more. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }
}
