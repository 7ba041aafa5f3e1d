package com.espra.protoplex.relay.head;

/**
 * The client of a request, as a target is told.
 *
 * @param address its IP address, without port
 * @param port its port; 0 if it is not known
 * @param scheme {@code http} or {@code https}
 * @param authority the host that it asked for, and the port; empty if it named none
 * @param id of the request
 */
public record RelayedClient(String address, int port, String scheme, String authority, String id) {}
