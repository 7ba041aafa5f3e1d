package com.espra.protoplex.files.vhostfiles.known;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads that look things up: each waits for an answer nearly all of its time. */
final class LookupThreads {

    private LookupThreads() {}

    static ExecutorService open() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("vhostfiles-lookup-", 0).factory());
    }
}
