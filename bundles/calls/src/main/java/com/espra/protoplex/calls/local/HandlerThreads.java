package com.espra.protoplex.calls.local;

import java.util.concurrent.ThreadFactory;

/** The threads on which roles answer calls: virtual ones, as for all handlers (docs/decisions/0034). */
public final class HandlerThreads {

    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("call-", 0).factory();

    private HandlerThreads() {}

    /** Starts it. */
    public static void start(Runnable task) {
        THREADS.newThread(task).start();
    }
}
