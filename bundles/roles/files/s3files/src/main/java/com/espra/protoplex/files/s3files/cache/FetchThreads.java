package com.espra.protoplex.files.s3files.cache;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads that bring files: each waits for the store nearly all of its time. */
final class FetchThreads {

    private FetchThreads() {}

    static ExecutorService open() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("s3files-fetch-", 0).factory());
    }
}
