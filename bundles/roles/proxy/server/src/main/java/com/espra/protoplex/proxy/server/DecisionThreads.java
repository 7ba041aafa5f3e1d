package com.espra.protoplex.proxy.server;

import java.util.concurrent.Executor;

/** Where handlers of other roles are asked: they may wait, and each holds up its own request alone. */
final class DecisionThreads implements Executor {

    private final Thread.Builder threads = Thread.ofVirtual().name("proxy-decision");

    @Override
    public void execute(Runnable command) {
        threads.start(command);
    }
}
