package com.espra.protoplex.stream.connection;

/** The threads of handlers, virtual ones: each has a connection to wait for. */
final class StreamThreads {

    private StreamThreads() {}

    /** Without a number: that would be a new name for each connection. */
    static void start(String name, Runnable task) {
        Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).start(task);
    }
}
