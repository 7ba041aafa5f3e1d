package com.espra.protoplex.api.http;

import java.net.InetSocketAddress;

/**
 * Who a request is really from, when it was passed on by another node, which has proved that it is one.
 *
 * @param address where the client is
 * @param secure whether it speaks TLS
 * @param authority the host that it asked for, and perhaps a port; empty if it named none
 * @param own begins the names of the fields that are for the way between the nodes alone, in lower case: handlers do not see them
 */
public record OriginalClient(InetSocketAddress address, boolean secure, String authority, String own) {

    /**
     * The host by which nodes pass such requests to each other, on the listeners of {@link Dispatcher#META}. No name server knows it (RFC 6761,
     * section 6.4), so no page can make a browser ask for it; and who claims it there has to claim all of its paths.
     */
    public static final String HOST = "relay.protoplex.invalid";
}
