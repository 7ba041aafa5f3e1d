package com.espra.protoplex.host.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import com.espra.protoplex.host.config.NodeConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Logs to {@code log/node.log}. It is set up in code: logback's XML would take a tenth of the
 * time that a node has to start.
 */
public final class NodeLog extends ContextAwareBase implements Configurator {

    /** Libraries that tell at INFO what only their own developers want to know; {@code log.levels} can call them back. */
    private static final List<String> QUIET = List.of("org.eclipse.jetty", "org.apache.felix", "org.apache.sshd");

    /** The name of the log of a node's own process. */
    public static final String NODE = "node";

    /** Where a process logs. */
    public static Path file(Path data, String name) {
        return data.resolve("log").resolve(name + ".log");
    }

    /** Found by logback as a service; it keeps quiet until {@link #open} says where to write. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Begins to write below a node's data folder.
     *
     * @param name of the file, without its end: that of the process
     */
    public static void open(Path data, String name, NodeConfiguration configuration) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (!(factory instanceof LoggerContext context)) {
            throw new IllegalStateException(
                    "SLF4J is bound to " + factory.getClass().getName() + ", not to logback");
        }
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(configuration.text("log.level"), Level.INFO));
        root.addAppender(appender(context, file(data, name), configuration));
        QUIET.forEach(library -> context.getLogger(library).setLevel(Level.WARN));
        for (Map.Entry<String, String> level : configuration.map("log.levels").entrySet()) {
            context.getLogger(level.getKey()).setLevel(Level.toLevel(level.getValue(), Level.INFO));
        }
        JavaLogging.passOn();
        AppOutput.capture();
        Thread.setDefaultUncaughtExceptionHandler(new Uncaught());
    }

    private static RollingFileAppender<ILoggingEvent> appender(
            LoggerContext context, Path file, NodeConfiguration configuration) {
        RecordEncoder encoder = new RecordEncoder();
        encoder.setContext(context);
        encoder.start();

        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);

        FixedWindowRollingPolicy files = new FixedWindowRollingPolicy();
        files.setContext(context);
        files.setParent(appender);
        files.setMinIndex(1);
        files.setMaxIndex((int) Math.min(20, configuration.number("log.files")));
        // What stands before the number is the path as it is.
        files.setFileNamePattern(file.toString().replace("%", "\\%") + ".%i");
        files.start();

        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(configuration.number("log.fileBytes")));
        size.start();

        appender.setRollingPolicy(files);
        appender.setTriggeringPolicy(size);
        appender.start();
        return appender;
    }
}
