package com.espra.protoplex.host.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs what ended a thread, with the name of the app that it was of. */
final class Uncaught implements Thread.UncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Uncaught.class);

    @Override
    public void uncaughtException(Thread thread, Throwable ended) {
        LogOrigin origin = LogOrigin.of(thread, ended);
        try (var _ = MDC.putCloseable(RecordEncoder.APP, origin.app());
                var _ = MDC.putCloseable(RecordEncoder.GENERATION, origin.generation())) {
            LOG.error("The thread {} ended by an exception that nobody caught", thread.getName(), ended);
        }
    }
}
