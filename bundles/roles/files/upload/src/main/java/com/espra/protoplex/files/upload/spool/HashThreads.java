package com.espra.protoplex.files.upload.spool;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads that compute one of two hashes: as many as there are processors, because more would only take turns. */
final class HashThreads {

    private HashThreads() {}

    static ExecutorService open() {
        return Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().daemon().name("upload-hash-", 0).factory());
    }
}
