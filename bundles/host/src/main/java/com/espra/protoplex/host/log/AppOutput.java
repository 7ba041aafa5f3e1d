package com.espra.protoplex.host.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * Standard output or error of this process: what an app prints becomes records of the node's log, a line each, with its name; what the platform
 * and the JVM print goes on to where it went before.
 */
final class AppOutput extends OutputStream {

    private static final int LINE_BYTES = 8 * 1024;

    private final Logger log;
    private final Level level;
    private final PrintStream before;
    private final Map<LogOrigin, ByteArrayOutputStream> begun = new HashMap<>();

    private AppOutput(String name, Level level, PrintStream before) {
        this.log = LoggerFactory.getLogger(name);
        this.level = level;
        this.before = before;
    }

    /** From now on. */
    static void capture() {
        System.setOut(new PrintStream(around("stdout", Level.INFO, System.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(around("stderr", Level.WARN, System.err), true, StandardCharsets.UTF_8));
    }

    static OutputStream around(String name, Level level, PrintStream before) {
        return new AppOutput(name, level, before);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        LogOrigin origin = LogOrigin.ofCaller();
        if (origin.equals(LogOrigin.PLATFORM)) {
            before.write(bytes, offset, length);
            return;
        }
        for (int i = offset; i < offset + length; i++) {
            octet(origin, bytes[i]);
        }
    }

    private void octet(LogOrigin origin, byte octet) {
        String line;
        synchronized (begun) {
            ByteArrayOutputStream text = begun.computeIfAbsent(origin, first -> new ByteArrayOutputStream());
            if (octet != '\n') {
                text.write(octet);
            }
            if (octet != '\n' && text.size() < LINE_BYTES) {
                return;
            }
            line = text.toString(StandardCharsets.UTF_8);
            begun.remove(origin);
        }
        try (var _ = MDC.putCloseable(RecordEncoder.APP, origin.app());
                var _ = MDC.putCloseable(RecordEncoder.GENERATION, origin.generation())) {
            log.atLevel(level).log(line);
        }
    }

    @Override
    public void flush() {
        before.flush();
    }
}
