package com.espra.protoplex.host.node;

import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a process that was told to stop: SIGTERM or SIGINT. */
final class Stop {

    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
    private static final int DONE = 0;
    private static final int FAILED = 1;

    private Stop() {}

    /** Has a signal stop the process, and ends it by force if that takes longer than {@code deadline}. */
    static void onSignal(Predicate<Duration> stop, Duration deadline) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            boolean stopped = stop.test(deadline);
                            if (!stopped) {
                                LOG.error(
                                        "The node did not stop within {} s (stopSeconds): it is ended by force",
                                        deadline.toSeconds());
                            } else {
                                LOG.info("The node has stopped");
                            }
                            Runtime.getRuntime().halt(stopped ? DONE : FAILED);
                        },
                        "stop"));
    }
}
