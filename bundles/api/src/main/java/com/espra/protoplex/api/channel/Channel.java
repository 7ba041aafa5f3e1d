package com.espra.protoplex.api.channel;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The connection of one client, open for as long as both sides want it: a WebSocket (RFC 6455) or a stream of server-sent events (WHATWG
 * HTML, section 9.2). It belongs to the node: a unit has a {@link ChannelReceiver} for it, and the channel outlives the unit's versions.
 *
 * <p>What is sent is queued and never waits for the client. A client that reads too slowly is cut, when more than {@link #QUEUE_BYTES}
 * or {@link #QUEUE_MESSAGES} wait for it, or the channels of the process have too much waiting together: a WebSocket is closed with 1013
 * (try again later) and the id of the last event that was written as its reason; a stream of events ends, and the client comes again with
 * {@code Last-Event-ID}.
 *
 * <p>Threads: safe from any; no call blocks. What one thread sends arrives in its order.
 */
@ProviderType
public interface Channel {

    /** How many bytes of messages may wait for one client: 256 KiB. */
    int QUEUE_BYTES = 256 * 1024;

    /** How many messages may wait for one client. */
    int QUEUE_MESSAGES = 1024;

    /** How many bytes a message may have, in either direction: 64 KiB. A larger one that comes in closes the channel (1009). */
    int MESSAGE_BYTES = 64 * 1024;

    /** How many bytes one version may leave to the next of one channel: 4 KiB. */
    int STATE_BYTES = 4 * 1024;

    /** What the client speaks. */
    enum Protocol {
        /** RFC 6455: messages both ways, text and binary. */
        WEBSOCKET,
        /** Server-sent events: text, to the client alone. */
        EVENT_STREAM
    }

    /** Unique in this process; the same for as long as the channel is open. */
    long id();

    /** What the client speaks. */
    Protocol protocol();

    /** The request that opened it. */
    ChannelRequest request();

    /**
     * Sets a field of the response that lets the client in, such as {@code Access-Control-Allow-Origin}. Of a WebSocket it has no effect:
     * its handshake has the fields that it needs.
     *
     * @throws IllegalStateException if it is not called within {@link ChannelReceiver#opened}
     * @throws IllegalArgumentException if the name or the value cannot be in a field (RFC 9110, section 5)
     */
    void respond(String name, String value);

    /** Whether messages can still be sent. */
    boolean isOpen();

    /**
     * Sends a text: a text message, or an event that has this data.
     *
     * @return whether it was queued; not if the channel is closed, or is now because its client is too slow
     * @throws IllegalArgumentException if it has more than {@link #MESSAGE_BYTES} as UTF-8
     */
    boolean send(String text);

    /**
     * Sends a binary message, whose bytes are copied.
     *
     * @return whether it was queued, as {@link #send(String)} says it
     * @throws IllegalArgumentException if it has more than {@link #MESSAGE_BYTES}
     * @throws UnsupportedOperationException if the client speaks {@link Protocol#EVENT_STREAM}, which is text
     */
    boolean send(ByteBuffer bytes);

    /**
     * Sends an event with its fields. Of a WebSocket the client gets the data as a text message, and the id only if it is cut.
     *
     * @return whether it was queued, as {@link #send(String)} says it
     * @throws IllegalArgumentException if its data has more than {@link #MESSAGE_BYTES} as UTF-8
     */
    boolean send(ChannelEvent event);

    /**
     * Closes it, once what was sent before is written. {@link ChannelReceiver#closed} is called then.
     *
     * @param code of RFC 6455, section 7.4: 1000, or 3000 to 4999 for codes of one's own. A stream of events only ends
     * @param reason for the client: at most 123 bytes as UTF-8 are sent, the rest is left out
     */
    void close(int code, String reason);
}
