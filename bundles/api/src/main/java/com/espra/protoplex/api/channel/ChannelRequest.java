package com.espra.protoplex.api.channel;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The request that opened a channel. It never changes, and is there for as long as the channel is. */
@ProviderType
public interface ChannelRequest {

    /** The request's id, as in the access log and the response's {@code X-Request-Id}. */
    String requestId();

    /** The path, as patterns are written: decoded, but for encoded slashes. */
    String path();

    /** The query as it came, without its question mark; empty if there is none. */
    String query();

    /** The host that was asked for, without port; empty if none was named. */
    String host();

    /** The client's address, without port. */
    String remoteAddress();

    /** Whether it came over TLS. */
    boolean secure();

    /**
     * The first value of a header field, such as {@code Cookie}, {@code Authorization} or {@code Origin}. A browser sends {@code Origin}
     * with each WebSocket, of whatever page opens it: who goes by cookies compares it.
     */
    Optional<String> header(String name);

    /** The id of the last event that a client of server-sent events has seen, when it comes again. */
    default Optional<String> lastEventId() {
        return header("Last-Event-ID");
    }
}
