package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message to a client, as its protocol has it.
 *
 * @param binary whether it is no text
 * @param bytes never consumed: {@link #content} is
 * @param event the id of the event; empty if it has none
 */
record Outgoing(boolean binary, ByteBuffer bytes, String event) {

    static Outgoing text(String text) {
        return new Outgoing(false, checked(text.getBytes(StandardCharsets.UTF_8)), "");
    }

    static Outgoing binary(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return new Outgoing(true, checked(bytes), "");
    }

    /** For a protocol that has messages only. */
    static Outgoing data(ChannelEvent event) {
        return new Outgoing(false, checked(event.data().getBytes(StandardCharsets.UTF_8)), event.id());
    }

    /** WHATWG HTML, section 9.2.5. */
    static Outgoing event(ChannelEvent event) {
        StringBuilder text = new StringBuilder(event.data().length() + 64);
        field(text, "id: ", event.id());
        field(text, "event: ", event.type());
        if (event.retryMillis() > 0) {
            text.append("retry: ").append(event.retryMillis()).append('\n');
        }
        // Each of CR LF, LF and CR ends a line there.
        for (String line : lines(event.data())) {
            text.append("data: ").append(line).append('\n');
        }
        byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        return new Outgoing(false, checked(bytes), event.id());
    }

    private static String[] lines(String data) {
        boolean one = data.indexOf('\n') < 0 && data.indexOf('\r') < 0;
        return one ? new String[] {data} : data.split("\r\n|\n|\r", -1);
    }

    /** Events one after the other, as one write; of those that have an id the last counts. */
    static Outgoing joined(List<Outgoing> events, int size) {
        ByteBuffer all = ByteBuffer.allocate(size);
        String last = "";
        for (Outgoing event : events) {
            all.put(event.content());
            last = event.event().isEmpty() ? last : event.event();
        }
        return new Outgoing(false, all.flip(), last);
    }

    private static void field(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(name).append(value).append('\n');
        }
    }

    int size() {
        return bytes.remaining();
    }

    ByteBuffer content() {
        return bytes.slice();
    }

    private static ByteBuffer checked(byte[] bytes) {
        if (bytes.length > Channel.MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "a message of " + bytes.length + " bytes is too large: at most " + Channel.MESSAGE_BYTES);
        }
        return ByteBuffer.wrap(bytes);
    }
}
