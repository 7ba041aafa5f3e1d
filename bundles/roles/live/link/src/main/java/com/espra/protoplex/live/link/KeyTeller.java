package com.espra.protoplex.live.link;

import com.espra.protoplex.api.live.KeyListener;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One who wants to hear of keys. What it could not be told, after a few times, is told as everything. */
final class KeyTeller {

    private static final Logger LOG = LoggerFactory.getLogger(KeyTeller.class);

    private static final int TIMES = 3;
    private static final long PAUSE_MILLIS = 100;

    private final KeyListener listener;
    private final List<String> beginnings;
    private boolean isBehind = true;

    KeyTeller(KeyListener listener, List<String> beginnings) {
        this.listener = listener;
        this.beginnings = List.copyOf(beginnings);
    }

    List<String> beginnings() {
        return beginnings;
    }

    /** Something that may fail. */
    private interface Telling {
        void tell() throws Exception;
    }

    /** All of it may be wrong; it is told at the next {@link #catchUp}. */
    void isBehind() {
        isBehind = true;
    }

    /** Tells it that everything may have changed, if it has to be told that. */
    void catchUp() throws InterruptedException {
        if (isBehind) {
            isBehind = !told(listener::everythingMayHaveChanged);
        }
    }

    /** Tells it of those keys that it wants to hear of. */
    void tell(Set<String> changed) throws InterruptedException {
        Set<String> its = changed.stream()
                .filter(key -> beginnings.stream().anyMatch(key::startsWith))
                .collect(Collectors.toUnmodifiableSet());
        if (!its.isEmpty() && !isBehind) {
            isBehind = !told(() -> listener.changed(its));
        }
    }

    private boolean told(Telling telling) throws InterruptedException {
        for (int time = 1; time <= TIMES; time++) {
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
                }
                Thread.sleep(PAUSE_MILLIS << time);
            }
        }
        return false;
    }
}
