package com.espra.protoplex.host.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

/** What a record says, and for whom it is found to be. */
public class RecordEncoderTest {

    private final LoggerContext context = new LoggerContext();
    private final RecordEncoder encoder = new RecordEncoder();

    @Test
    public void aRecordIsALineInParts() {
        String line = encode("thread [1]", "a.b.C d", "hello", null);
        assertTrue(
                line,
                line.matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\[thread \\[1\\)] a\\.b\\.C_d app= - hello\n"));
    }

    @Test
    public void noTextEndsTheLineOrReachesATerminal() {
        String line = encode("t\n", "l", "one\r\n2026-01-31T12:00:00.123Z ERROR \u001b[2J\u009b\u2028\u202e", null);
        assertEquals(line, 1, line.lines().count());
        assertTrue(line, line.endsWith("one\\r\\n2026-01-31T12:00:00.123Z ERROR \\u001b[2J\\u009b\\u2028\\u202e\n"));
        String trace =
                encode("t", "l", "failed", new IllegalStateException("x\n2026-01-31T12:00:00.123Z ERROR \u001b["));
        assertTrue(trace, trace.contains("\n\t2026-01-31T12:00:00.123Z ERROR \\u001b[\n"));
        assertTrue(trace, trace.contains("\n\tat com.espra."));
    }

    @Test
    public void codeOfAnAppOnTheStackLogsForIt() throws Exception {
        AtomicReference<String> line = new AtomicReference<>("");
        Runnable platform = () -> line.set(encode("t", "l", "m", null));
        try (AppCode app = new AppCode("app:shop:7:com.example.shop")) {
            app.run(platform);
        }
        assertTrue(line.get(), line.get().contains(" app=shop generation=7 - m"));
        try (AppCode other = new AppCode("platform:x")) {
            other.run(platform);
        }
        assertTrue(line.get(), line.get().contains(" app= - m"));
    }

    @Test
    public void aThreadLogsForWhoStartedIt() throws Exception {
        AtomicReference<String> line = new AtomicReference<>("");
        Thread thread = new Thread(() -> line.set(encode("t", "l", "m", null)));
        thread.setContextClassLoader(new ClassLoader("generation big-shop-12", null) {});
        thread.start();
        thread.join();
        assertTrue(line.get(), line.get().contains(" app=big-shop generation=12 - m"));
        assertEquals(new LogOrigin("big-shop", "12"), LogOrigin.of(thread, new Error()));
        assertFalse(LogOrigin.PLATFORM.equals(LogOrigin.of(thread, new Error())));
    }

    private String encode(String thread, String logger, String message, Throwable thrown) {
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger(logger), ch.qos.logback.classic.Level.INFO, message, thrown, null);
        event.setThreadName(thread);
        event.setMDCPropertyMap(Map.of());
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
