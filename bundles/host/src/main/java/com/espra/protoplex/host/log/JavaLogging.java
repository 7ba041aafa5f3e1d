package com.espra.protoplex.host.log;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * java.util.logging, passed on to the node's log. The JDK makes one when that logging is used for the first time, which named this class in the
 * property {@value #PROPERTY}: a start where nobody uses it pays nothing.
 */
public final class JavaLogging {

    private static final String PROPERTY = "java.util.logging.config.class";

    /** Called by the JDK. */
    public JavaLogging() throws IOException {
        String settings = "handlers=" + PassOn.class.getName() + "\n.level=INFO\n";
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(settings.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** From now on, unless somebody configured java.util.logging by hand. */
    static void passOn() {
        if (System.getProperty(PROPERTY) == null && System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty(PROPERTY, JavaLogging.class.getName());
        }
    }

    /** Called by the JDK, too. */
    public static final class PassOn extends Handler {

        @Override
        public void publish(LogRecord record) {
            if (!isLoggable(record)) {
                return;
            }
            String name = record.getLoggerName();
            LoggingEventBuilder event = LoggerFactory.getLogger(
                            name == null || name.isEmpty() ? "java.util.logging" : name)
                    .atLevel(level(record.getLevel()));
            event.setCause(record.getThrown()).log(text(record));
        }

        private static org.slf4j.event.Level level(Level level) {
            int value = level.intValue();
            if (value >= Level.SEVERE.intValue()) {
                return org.slf4j.event.Level.ERROR;
            }
            if (value >= Level.WARNING.intValue()) {
                return org.slf4j.event.Level.WARN;
            }
            if (value >= Level.INFO.intValue()) {
                return org.slf4j.event.Level.INFO;
            }
            return value >= Level.FINE.intValue() ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.TRACE;
        }

        private static String text(LogRecord record) {
            String message = String.valueOf(record.getMessage());
            Object[] parameters = record.getParameters();
            if (parameters == null || parameters.length == 0) {
                return message;
            }
            try {
                return MessageFormat.format(message, parameters);
            } catch (IllegalArgumentException asItIs) {
                return message;
            }
        }

        @Override
        public void flush() {
            // Each record is written as it comes.
        }

        @Override
        public void close() {
            // The node's log is closed by nobody: its last line is the process's.
        }
    }
}
