package com.espra.protoplex.host.node;

import com.espra.protoplex.host.process.crash.CrashReports;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a process: it was told to stop (SIGTERM or SIGINT), or code in it called {@link System#exit}. */
final class Stop {

    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
    private static final int DONE = 0;
    private static final int FAILED = 1;

    /** The process ended itself, or code in it called {@link System#exit}; 3 is the JVM's own, when its memory is exhausted. */
    private static final int EXITED = 4;

    /** The system property in which a bundle that finds the process beyond help says why, before it calls {@link System#exit}. */
    private static final String ENDING = "protoplex.ending";

    /** The system property by which bundles know, and that the host shows them as a framework property. */
    private static final String PROPERTY = "protoplex.exited";

    /** Whoever called it hangs in the call, and what it holds with it: there is no use in waiting for long. */
    private static final Duration AFTER_EXIT = Duration.ofSeconds(5);

    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private Stop() {}

    /**
     * Has the end of the JVM stop the process in order, and ends it by force if that takes longer than {@code deadline}.
     *
     * @param exited is told why, if it is not an order that ends it
     */
    static void onEnd(Predicate<Duration> stop, Duration deadline, Consumer<String> exited) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            Optional<String> why = ExitCall.caller(Thread.getAllStackTraces())
                                    .map(caller -> reason(System.getProperty(ENDING), caller));
                            why.ifPresent(reason -> {
                                System.setProperty(PROPERTY, reason);
                                tell(reason, exited);
                            });
                            Duration limit =
                                    why.isPresent() && deadline.compareTo(AFTER_EXIT) > 0 ? AFTER_EXIT : deadline;
                            boolean stopped = stop.test(limit);
                            if (!stopped) {
                                LOG.error("The node did not stop within {} s: it is ended by force", limit.toSeconds());
                            } else {
                                LOG.info("The node has stopped");
                            }
                            Runtime.getRuntime().halt(why.isPresent() ? EXITED : stopped ? DONE : FAILED);
                        },
                        "stop"));
    }

    /** @param given why, by whoever ends the process; {@code null} if that is not said */
    static String reason(@Nullable String given, String caller) {
        return given == null ? "System.exit was called by " + caller : given;
    }

    private static void tell(String reason, Consumer<String> exited) {
        exited.accept(reason);
        LOG.error("{}{}", CrashReports.ENDS, reason);
    }

    /** Ends a process in which nothing can be stopped in order any more. */
    static void atOnce(String reason, Consumer<String> exited) {
        try {
            // In the time that is left to it beside its collector, to say why can take longer than anybody waits.
            Thread telling = Thread.ofPlatform().daemon().name("last-words").start(() -> tell(reason, exited));
            telling.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(EXITED);
        }
    }
}
