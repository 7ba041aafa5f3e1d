package com.espra.protoplex.api.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The TCP connection of one client. It belongs to the node, which bounds it: a client that sends nothing for the {@linkplain #idle idle
 * time}, does not take what is written, or does not end its TLS handshake is cut.
 *
 * <p>Threads: one thread at a time reads, and one at a time writes; that may be two. All other calls are safe from any.
 */
@ProviderType
public interface StreamConnection {

    /** Unique in this process. */
    long id();

    /** The listener that it came to. */
    String listener();

    /** The client's address: what a trusted proxy says of it, if one stands before this node. */
    InetSocketAddress remoteAddress();

    /** The address that the client connected to; from the proxy if {@link #remoteAddress} is. */
    InetSocketAddress localAddress();

    /**
     * What the client sends; always the same object. It has a buffer of its own, so it may be read byte by byte, and another buffer around
     * it would keep back what the client sends before {@link #startTls}.
     *
     * <p>A read throws {@link java.net.SocketTimeoutException} when the client has been silent for the idle time. The handler may still
     * tell it why it goes, and return then, or ask whether it is there; a second such read without a byte in between is the end of the
     * connection. At the client's end, and after
     * {@link #close}, a read returns -1.
     */
    InputStream in();

    /**
     * What the client gets; always the same object. It has no buffer: each write is sent, and waits for the client. A client that takes
     * nothing for 30 seconds (configurable) is cut, and the write throws.
     */
    OutputStream out();

    /** The TLS session, if there is one by now. */
    Optional<SSLSession> tls();

    /**
     * Speaks TLS from here on, with the certificate of the listener: to be called when the answer that lets the client begin is written
     * (such as SMTP's {@code 220}, RFC 3207). What is read afterwards was sent through TLS: what the client sent in clear text behind its
     * command, and would pass for it, is refused.
     *
     * @throws IOException if the client has sent more before it was told to begin, if the handshake fails or takes too long, or the
     *     connection is closed; it can only be closed then
     * @throws IllegalStateException if it speaks TLS already
     */
    void startTls() throws IOException;

    /**
     * Sets how long the client may be silent, from the next read on; until then it is what is configured for all ({@code
     * streams.idleSeconds}).
     *
     * @param limit 1 s to 24 h
     * @throws IllegalArgumentException if it is less or more
     */
    void idle(Duration limit);

    /**
     * Says what to do when this connection should come to its end, because another version serves or the node stops: write what the
     * protocol has for it (such as SMTP's {@code 421}) and {@link #close}. It is called once, on a virtual thread of its own, and at once if
     * the drain has begun. It runs beside the handler, so both agree who writes. Without it the connection is served on until it ends or the
     * deadline breaks it off.
     */
    void onDrain(Runnable action);

    /** Whether the connection should come to its end: a handler between two commands may look, in place of {@link #onDrain}. */
    boolean isDraining();

    /** Ends it politely: what was written is sent, and reads return -1. Returns at once; more calls do nothing. */
    void close();
}
