package com.espra.protoplex.files.vhostfiles;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of what every request may meet: once in a while, so that strangers do not fill the log. */
final class RareWarning {

    private static final Logger LOG = LoggerFactory.getLogger(RareWarning.class);

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

    /** @param what a message of SLF4J, with these for its braces */
    void of(String what, Object... details) {
        long now = System.nanoTime();
        long before = last.get();
        if (now - before >= PAUSE_NANOS && last.compareAndSet(before, now)) {
            LOG.warn(what, details);
        } else {
            LOG.debug(what, details);
        }
    }
}
