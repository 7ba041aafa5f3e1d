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
public record OriginalClient(InetSocketAddress address, boolean secure, String authority, String own) {}
