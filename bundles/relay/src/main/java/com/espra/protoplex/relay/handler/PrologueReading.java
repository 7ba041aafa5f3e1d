package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.relay.Prologue;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.relay.direct.DirectedTraffic;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.direct.TakenMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The message before an answer's body, as it comes in pieces. Of one thread at a time. */
final class PrologueReading {

    private static final int MOST_DIGITS = 5;

    private final Prologue wanted;
    private final Target target;
    private final String host;
    private final ByteBuffer message;

    private PrologueReading(Prologue wanted, Target target, String host, int size) {
        this.wanted = wanted;
        this.target = target;
        this.host = host;
        message = ByteBuffer.allocate(size);
    }

    /**
     * Looks for one, and takes its field and its length out of the head for the client.
     *
     * @param hasBody whether a body follows
     * @return null: there is none, or not in this answer
     * @throws IOException if the field makes no sense
     */
    static @Nullable PrologueReading begin(
            Directors directors,
            @Nullable Target target,
            String host,
            HttpFields head,
            HttpFields.Mutable client,
            boolean hasBody)
            throws IOException {
        DirectedTraffic now = directors.current();
        Prologue wanted = now == null || target == null ? null : now.prologue();
        List<String> values = wanted == null ? List.of() : head.getValuesList(wanted.field());
        if (wanted == null || target == null || values.isEmpty()) {
            return null;
        }
        if (!DirectedTraffic.isTaken(wanted, target)) {
            // A node before this one would take it as this node's word.
            client.remove(wanted.field());
            return null;
        }
        String value = values.getFirst();
        boolean sound = values.size() == 1
                && !value.isEmpty()
                && value.length() <= MOST_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        int size = sound ? Integer.parseInt(value) : -1;
        long length = head.getLongField(HttpHeader.CONTENT_LENGTH);
        if (size < 0 || size > Math.min(wanted.most(), Prologue.LIMIT) || (length >= 0 && length < size)) {
            throw new IOException(wanted.field() + ": " + values + " is no length of a message that this answer has");
        }
        client.remove(wanted.field());
        if (length >= 0) {
            client.put(HttpHeader.CONTENT_LENGTH, length - size);
        }
        return hasBody && size > 0 ? new PrologueReading(wanted, target, host, size) : null;
    }

    /**
     * Takes what is its own of a part of the body, and tells it when it is whole.
     *
     * @return whether it is whole: what is left of the part is the client's
     */
    boolean take(ByteBuffer part) {
        if (!message.hasRemaining()) {
            return true;
        }
        int size = Math.min(part.remaining(), message.remaining());
        message.put(part.slice(part.position(), size));
        part.position(part.position() + size);
        if (message.hasRemaining()) {
            return false;
        }
        TakenMessage.tell(wanted, target, host, message.array());
        return true;
    }

    /** Whether the body ended within it. */
    boolean isCut() {
        return message.hasRemaining();
    }
}
