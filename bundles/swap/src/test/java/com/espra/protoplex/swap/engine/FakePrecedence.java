package com.espra.protoplex.swap.engine;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts who has it. */
final class FakePrecedence implements Precedence {

    final AtomicInteger taken = new AtomicInteger();
    final AtomicInteger held = new AtomicInteger();

    @Override
    public Runnable take() {
        taken.incrementAndGet();
        held.incrementAndGet();
        return held::decrementAndGet;
    }
}
