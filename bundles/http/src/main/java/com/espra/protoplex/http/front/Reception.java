package com.espra.protoplex.http.front;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a {@link Front} has to ask and to keep at one listener, so that its requests are served as all others.
 *
 * <p>Threads: safe from any, and without waiting.
 */
@ProviderType
public interface Reception {

    /**
     * Whether Jetty has to serve what comes now whatever it is: the node drains, is in maintenance, or lets nobody in.
     */
    boolean isClosed();

    /**
     * Whether a unit of this node has the request.
     *
     * @param host in lower case, without port
     * @param path canonical, as Jetty gives it
     */
    boolean claims(String host, String path);

    /** Lets a request in, which {@link #leave}s later; or does not: Jetty then says so to the client. */
    boolean enter();

    /** A request that was let in is over. */
    void leave();

    /** Whether clients are to go: the answer that begins now says that its connection ends. */
    boolean takesLeave();

    /** Bytes of a request's head. */
    int headBytes();

    /** Bytes of a request's body. */
    long bodyBytes();

    /** How fast a client has to be, in bytes a second; 0: as slow as it likes. */
    long minBytesPerSecond();

    /** The id of a request: the one that came with it if that is well formed. */
    String id(@Nullable String given);

    /**
     * A request was refused because it is no sound HTTP: it is counted, and told at the level DEBUG.
     *
     * @param why what is wrong with it
     */
    void malformed(Object client, String why);

    /** The load balancers before this listener. */
    Forwarders forwarders();

    /** Whether {@link #log} does anything. */
    boolean logs();

    /** A request is over. */
    void log(FrontRequest request);

    /**
     * Jetty's connection, for the end point to be upgraded to. What it is given with the upgrade begins with a head.
     *
     * @param bytes how much it is given
     */
    Connection jetty(EndPoint endPoint, int bytes);

    /** The selector that the end point's events come from; {@code null} if that is not known. */
    @Nullable
    ManagedSelector selector(EndPoint endPoint);

    Executor executor();

    Scheduler scheduler();
}
