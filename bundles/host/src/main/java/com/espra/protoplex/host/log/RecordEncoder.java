package com.espra.protoplex.host.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * The one way into a log file: a line for each record, with time (UTC), level, thread, logger, app, generation and request, and the lines of a stack
 * trace below it. It runs on the thread that logs, so it can see for whom.
 *
 * <p>What strangers chose (messages, thread names, texts of exceptions) can end no line and reach no terminal: control characters are escaped.
 */
final class RecordEncoder extends EncoderBase<ILoggingEvent> {

    /** In MDC while a request is handled. */
    static final String REQUEST = "request";

    /** In MDC when somebody else logs for an app. */
    static final String APP = "app";

    /** In MDC when somebody else logs for a generation. */
    static final String GENERATION = "generation";

    private static final byte[] NOTHING = {};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, String> context = event.getMDCPropertyMap();
        LogOrigin origin = context.containsKey(APP)
                ? new LogOrigin(context.getOrDefault(APP, ""), context.getOrDefault(GENERATION, ""))
                : LogOrigin.ofCaller();
        StringBuilder text = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), text);
        String level = event.getLevel().toString();
        text.append(' ').append(level).append(" ".repeat(6 - level.length())).append('[');
        // Nobody's choice of a name may look like what follows it.
        appendEscaped(text, event.getThreadName().replace(']', ')'));
        text.append("] ");
        appendEscaped(text, event.getLoggerName().replace(' ', '_'));
        text.append(" app=").append(origin.app());
        if (!origin.generation().isEmpty()) {
            text.append(" generation=").append(origin.generation());
        }
        String request = context.getOrDefault(REQUEST, "");
        if (!request.isEmpty()) {
            text.append(" request=");
            appendEscaped(text, request);
        }
        text.append(" - ");
        appendEscaped(text, String.valueOf(event.getFormattedMessage()));
        text.append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            appendTrace(text, ThrowableProxyUtil.asString(thrown));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Its lines stay lines. None looks like the beginning of a record: the text of an exception may be a stranger's. */
    private static void appendTrace(StringBuilder text, String trace) {
        trace.lines().forEach(line -> {
            if (!line.isEmpty() && Character.isDigit(line.charAt(0))) {
                text.append('\t');
            }
            appendEscaped(text, line);
            text.append('\n');
        });
    }

    private static void appendEscaped(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\t' || !isControl(c)) {
                text.append(c);
            } else if (c == '\n') {
                text.append("\\n");
            } else if (c == '\r') {
                text.append("\\r");
            } else {
                text.append("\\u").append(String.format("%04x", (int) c));
            }
        }
    }

    /** Also what turns the direction of text around, and what some readers take for the end of a line. */
    private static boolean isControl(char c) {
        return Character.isISOControl(c) || (c >= '\u2028' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
