package com.espra.protoplex.host.log;

import static org.junit.Assert.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** What comes to the log in other ways than by SLF4J. */
public class AppOutputTest {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            super.append(event);
        }
    };

    @Before
    public void listen() {
        logged.start();
        root.addAppender(logged);
    }

    @After
    public void leave() {
        root.detachAppender(logged);
    }

    @Test
    public void whatAnAppPrintsIsLoggedAndWhatThePlatformPrintsIsPrinted() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(
                AppOutput.around("stdout", org.slf4j.event.Level.WARN, new PrintStream(printed, true)),
                true,
                StandardCharsets.UTF_8);
        try (AppCode app = new AppCode("app:shop:7:com.example.shop")) {
            app.run(() -> out.print("half "));
            out.println("of the platform");
            app.run(() -> out.println("a line\nand another"));
        }
        assertEquals("of the platform" + System.lineSeparator(), printed.toString(StandardCharsets.UTF_8));
        assertEquals(
                List.of("half a line", "and another"),
                logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
        ILoggingEvent first = logged.list.getFirst();
        assertEquals("stdout", first.getLoggerName());
        assertEquals("shop", first.getMDCPropertyMap().get(RecordEncoder.APP));
        assertEquals("7", first.getMDCPropertyMap().get(RecordEncoder.GENERATION));
    }

    @Test
    public void whatEndsAThreadIsLoggedForItsApp() {
        Thread thread = new Thread(() -> {});
        thread.setContextClassLoader(new ClassLoader("generation shop-7", null) {});
        new Uncaught().uncaughtException(thread, new IllegalStateException("lost"));
        ILoggingEvent event = logged.list.getFirst();
        assertEquals("shop", event.getMDCPropertyMap().get(RecordEncoder.APP));
        assertEquals("lost", event.getThrowableProxy().getMessage());
    }

    @Test
    public void javaLoggingIsPassedOn() {
        LogRecord record = new LogRecord(Level.SEVERE, "no {0}");
        record.setLoggerName("com.example.Shop");
        record.setParameters(new Object[] {"bread"});
        record.setThrown(new IllegalStateException("lost"));
        new JavaLogging.PassOn().publish(record);
        ILoggingEvent event = logged.list.getFirst();
        assertEquals("com.example.Shop", event.getLoggerName());
        assertEquals("no bread", event.getFormattedMessage());
        assertEquals(ch.qos.logback.classic.Level.ERROR, event.getLevel());
        assertEquals("lost", event.getThrowableProxy().getMessage());
    }
}
