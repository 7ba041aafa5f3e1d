package com.espra.protoplex.api.channel;

/**
 * A server-sent event (WHATWG HTML, section 9.2).
 *
 * @param id what the client says as {@code Last-Event-ID} when it comes again; empty: the one before stays
 * @param type the event's type; empty: {@code message}
 * @param data its data, of any number of lines
 * @param retryMillis for how long the client waits from now on before it comes again, in milliseconds; 0: as before
 */
public record ChannelEvent(String id, String type, String data, long retryMillis) {

    /**
     * @throws IllegalArgumentException if the id or the type has a line break or a NUL, which would end or spoil the field; or if the time is
     *     negative
     */
    public ChannelEvent {
        checkLine("id", id);
        checkLine("type", type);
        if (retryMillis < 0) {
            throw new IllegalArgumentException("the retry of an event is " + retryMillis + " ms: use 0 or more");
        }
    }

    /** An event that says nothing of when to come again. */
    public ChannelEvent(String id, String type, String data) {
        this(id, type, data, 0);
    }

    /** An event of the type {@code message}. */
    public ChannelEvent(String id, String data) {
        this(id, "", data);
    }

    private static void checkLine(String name, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the " + name + " of an event is one line without NUL: '" + value + "'");
        }
    }
}
