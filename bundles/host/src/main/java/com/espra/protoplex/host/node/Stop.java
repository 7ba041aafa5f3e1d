package com.espra.protoplex.host.node;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a process: it was told to stop (SIGTERM or SIGINT), or code in it called {@link System#exit}. */
final class Stop {

    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
    private static final int DONE = 0;
    private static final int FAILED = 1;

    /** Code in the process called {@link System#exit}; 3 is the JVM's own, when its memory is exhausted. */
    private static final int EXITED = 4;

    /** The system property by which bundles know, and that the host shows them as a framework property. */
    private static final String PROPERTY = "protoplex.exited";

    /** Whoever called it hangs in the call, and what it holds with it: there is no use in waiting for long. */
    private static final Duration AFTER_EXIT = Duration.ofSeconds(5);

    private Stop() {}

    /**
     * Has the end of the JVM stop the process in order, and ends it by force if that takes longer than {@code deadline}.
     *
     * @param exited is told who called {@link System#exit}
     */
    static void onEnd(Predicate<Duration> stop, Duration deadline, Consumer<String> exited) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            Optional<String> caller = ExitCall.caller(Thread.getAllStackTraces());
                            caller.ifPresent(who -> {
                                System.setProperty(PROPERTY, who);
                                LOG.error("The process ends: System.exit was called by {}", who);
                                exited.accept(who);
                            });
                            Duration limit =
                                    caller.isPresent() && deadline.compareTo(AFTER_EXIT) > 0 ? AFTER_EXIT : deadline;
                            boolean stopped = stop.test(limit);
                            if (!stopped) {
                                LOG.error("The node did not stop within {} s: it is ended by force", limit.toSeconds());
                            } else {
                                LOG.info("The node has stopped");
                            }
                            Runtime.getRuntime().halt(caller.isPresent() ? EXITED : stopped ? DONE : FAILED);
                        },
                        "stop"));
    }
}
