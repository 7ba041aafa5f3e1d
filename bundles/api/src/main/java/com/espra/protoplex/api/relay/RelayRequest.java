package com.espra.protoplex.api.relay;

import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The head of a request that is to be directed. Texts are as the client sent them, unless it says otherwise here.
 *
 * <p>Threads: of the caller's alone.
 */
@ProviderType
public interface RelayRequest {

    /** Its id: {@link com.espra.protoplex.api.http.Dispatcher#REQUEST_ID}. */
    String id();

    /** The method, such as {@code GET}. */
    String method();

    /** {@code http} or {@code https}: what the client speaks. */
    String scheme();

    /** The host that it asks for, in lower case and without port: of the target in absolute form, else of Host (RFC 9112, section 3.2). */
    String host();

    /** The port in Host, or the default one of the scheme. */
    int port();

    /** The path as it was sent, escapes and all: it begins with a slash; {@code *} of an OPTIONS for the server as a whole. */
    String path();

    /** What follows the question mark; empty if nothing does. */
    String query();

    /** The values of a field in their order; the name in any case. Empty if there is none. */
    List<String> headers(String name);

    /** Where the client is: what a trusted balancer says, if there is one before this node. */
    InetSocketAddress client();
}
