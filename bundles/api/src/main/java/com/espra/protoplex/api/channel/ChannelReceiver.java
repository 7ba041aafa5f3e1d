package com.espra.protoplex.api.channel;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A unit's end of its channels: a service with the properties of {@link com.espra.protoplex.api.http.HandlerProperties}, which name its paths
 * and hosts. A WebSocket that is opened there, or a stream of events that is asked for, becomes a {@link Channel} of this receiver.
 *
 * <p>At a swap all channels of the unit go from the receivers of the old version to those of the new one that have their paths. First
 * {@link #leave} is called for each channel on the old version, then {@link #adopted} for each on the new one, and only then is the next
 * message delivered: so messages are handled by one version at a time, and the new one knows all channels before it handles any. Messages
 * that come meanwhile wait, and none is lost. A roll-back is the same, the other way. A take-over lets the old version leave before it
 * closes what it has open.
 *
 * <p>A channel that no receiver of the next version has a path for, or whose adoption fails, is closed as a service that restarts
 * (WebSocket: 1012), and its client may come again.
 *
 * <p>A receiver that is a {@code org.eclipse.jetty.server.Handler} as well gets the requests for its paths that open no channel: whatever is
 * neither a WebSocket nor a GET that takes {@code text/event-stream}. Without one they are answered with 405 or 406.
 *
 * <p>Threads: for one channel the calls are made one after the other; for several channels at once. A call may block its own channel only,
 * except in a swap, which waits for it.
 */
@ConsumerType
public interface ChannelReceiver {

    /**
     * A client wants to open a channel. When this returns the client is let in. What is sent meanwhile is the first that it gets.
     *
     * @throws ChannelRefusedException if it is not let in
     */
    default void opened(Channel channel) throws ChannelRefusedException {}

    /** A text message has come. */
    default void message(Channel channel, String text) {}

    /** A binary message has come. The bytes are the receiver's. */
    default void message(Channel channel, ByteBuffer bytes) {}

    /**
     * The channel goes to the next version. This one forgets it, and sends nothing more.
     *
     * @return what the next version is to know of it: at most {@link Channel#STATE_BYTES}, and what it means is between the versions
     */
    default byte[] leave(Channel channel) {
        return new byte[0];
    }

    /**
     * The channel comes from another version.
     *
     * @param state what that left; empty if it left nothing. If it failed to say, it is what this version itself had left before. A state
     *     that cannot be used is best answered by an exception: the channel is closed then, and its client comes again
     */
    default void adopted(Channel channel, byte[] state) {}

    /**
     * The channel is closed, by whichever side; not called of one that was not let in or that has left.
     *
     * @param code of RFC 6455, section 7.4; 1006 when the connection just ended, as a stream of events does
     * @param reason the client's, or why the node closed it; may be empty
     */
    default void closed(Channel channel, int code, String reason) {}
}
