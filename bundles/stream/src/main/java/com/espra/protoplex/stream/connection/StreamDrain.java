package com.espra.protoplex.stream.connection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a connection should come to its end, and who hears of it: once, whichever of the two comes first. */
final class StreamDrain {

    private static final Logger LOG = LoggerFactory.getLogger(StreamDrain.class);

    private final String name;
    private @Nullable Runnable action;
    private boolean begun;
    private boolean over;

    StreamDrain(String name) {
        this.name = name;
    }

    synchronized boolean hasBegun() {
        return begun;
    }

    synchronized void onDrain(Runnable next) {
        action = next;
        tell();
    }

    synchronized void begin() {
        if (!begun) {
            begun = true;
            tell();
        }
    }

    /** The handler has returned: its code is not called any more. */
    synchronized void over() {
        over = true;
        action = null;
    }

    private void tell() {
        Runnable told = action;
        if (begun && !over && told != null) {
            action = null;
            StreamThreads.start(name, () -> run(told));
        }
    }

    private static void run(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException e) {
            LOG.warn("a handler failed to end its connection, which goes on until its deadline", e);
        }
    }
}
