package com.espra.protoplex.cli.ssh;

import java.net.URI;
import java.nio.file.Path;

/**
 * The shell of one node, and what proves who is who.
 *
 * @param node the node's name, for messages
 * @param host where its shell listens
 * @param port and on which port
 * @param privateKey the operator's private key, in OpenSSH's format
 * @param ownHostKey the node's public host key, as the node itself wrote it: used when the file exists, which it does when the
 *     node runs on this machine
 * @param knownHost where the host key is recorded at first use when {@code ownHostKey} does not exist
 */
public record Target(String node, String host, int port, Path privateKey, Path ownHostKey, Path knownHost) {

    /** The port of a node's shell unless it is configured. */
    public static final int DEFAULT_PORT = 8022;

    /**
     * The shell of a node of the fleet in a folder.
     *
     * @param fleet the fleet's folder, such as {@code .protoplex}
     * @param node the node's name
     * @param address what the node's status says of its listener {@code shell}, such as {@code ssh://127.0.0.1:8022}
     */
    public static Target of(Path fleet, String node, URI address) {
        Path folder = fleet.resolve("nodes").resolve(node);
        return new Target(
                node,
                address.getHost(),
                address.getPort() < 0 ? DEFAULT_PORT : address.getPort(),
                fleet.resolve("keys").resolve(OperatorKey.NAME),
                folder.resolve("data").resolve("shell").resolve("host_ed25519.pub"),
                folder.resolve("known_host"));
    }

    @Override
    public String toString() {
        return node + " at " + host + ":" + port;
    }
}
