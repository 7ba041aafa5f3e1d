package com.espra.protoplex.api.proxy;

import com.espra.protoplex.api.relay.RelayRequest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says where requests go: a service that a role offers ({@link com.espra.protoplex.api.offer.OfferProperties#OFFER}) to the proxy role of its
 * node. It is asked for the requests that its properties describe; all of those that are set have to match. Of several handlers the one of the
 * highest {@code service.ranking} is asked first, and the next one if it passes. They are asked before the routes of the directory are looked
 * at.
 *
 * <p>Threads: called on threads that may wait, for many requests at once. The request waits meanwhile, its body unread, 5 s at most; then, and
 * when the handler throws, the answer is 503.
 */
@ConsumerType
@FunctionalInterface
public interface RouteHandler {

    /** Hosts (String+): a name, or {@code *.suffix}. */
    String HOST = "protoplex.proxy.host";

    /** Paths (String+), as {@link com.espra.protoplex.api.http.Route} has them: {@code /exact}, {@code /prefix/*}, {@code *.extension}, {@code /}. */
    String PATH = "protoplex.proxy.path";

    /** Methods (String+), such as {@code GET}. */
    String METHOD = "protoplex.proxy.method";

    /** A field that the request has: {@code name}, or {@code name=value}. */
    String HEADER = "protoplex.proxy.header";

    /** A cookie that the request has: {@code name}, or {@code name=value}. */
    String COOKIE = "protoplex.proxy.cookie";

    /** The names of the fields (String+) that the handler reads: of all others {@link RelayRequest#headers} says that there are none. */
    String FIELDS = "protoplex.proxy.fields";

    /** Says where this request goes. */
    Verdict route(RelayRequest request);
}
