package com.espra.protoplex.proxy.server.choice;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that a test moves. */
public final class FakeTime implements LongSupplier {

    private final AtomicLong nanos = new AtomicLong(1L << 40);

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    public void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
