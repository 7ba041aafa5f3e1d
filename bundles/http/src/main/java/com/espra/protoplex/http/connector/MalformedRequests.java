package com.espra.protoplex.http.connector;

import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts requests that are none, so that no handler and no access log hears of them. */
public final class MalformedRequests {

    private static final Logger LOG = LoggerFactory.getLogger(MalformedRequests.class);

    private final LongAdder count = new LongAdder();

    /**
     * One more.
     *
     * @param client who sent it
     * @param why the rule that it breaks
     */
    public void add(Object client, String why) {
        count.increment();
        LOG.debug("malformed request of {}: {}", client, why);
    }

    /** How many there were. */
    public long count() {
        return count.sum();
    }
}
