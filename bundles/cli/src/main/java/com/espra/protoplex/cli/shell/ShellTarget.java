package com.espra.protoplex.cli.shell;

import java.net.URI;
import java.nio.file.Path;

/**
 * The shell of one node, and what proves who is who.
 *
 * @param node the node's name, for messages
 * @param host where its shell listens
 * @param port and on which port
 * @param privateKey the operator's private key, in a format of OpenSSH's
 * @param ownHostKey the node's public host key, as the node itself wrote it: used when the file exists, which it does when the
 *     node runs on this machine
 * @param knownHosts what {@code ssh} reads: the node's own key, or that which answered first when there is no {@code ownHostKey}
 */
public record ShellTarget(String node, String host, int port, Path privateKey, Path ownHostKey, Path knownHosts) {

    private static final int DEFAULT_PORT = 8022;

    /**
     * The shell of a node of the fleet in a folder.
     *
     * @param fleet the fleet's folder, such as {@code .protoplex}
     * @param node the node's name
     * @param address what the node's status says of its listener {@code shell}, such as {@code ssh://127.0.0.1:8022}
     */
    public static ShellTarget of(Path fleet, String node, URI address) {
        Path folder = fleet.resolve("nodes").resolve(node);
        return of(fleet, node, address, folder.resolve("data").resolve("shell").resolve("host_ed25519.pub"), folder);
    }

    /** The shell of a node on another machine: which key it has is known from the first time on. */
    public static ShellTarget elsewhere(Path fleet, String node, URI address) {
        return of(fleet, node, address, fleet.resolve("no-host-key.pub"), fleet);
    }

    private static ShellTarget of(Path fleet, String node, URI address, Path ownHostKey, Path known) {
        String host = address.getHost();
        return new ShellTarget(
                node,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                address.getPort() < 0 ? DEFAULT_PORT : address.getPort(),
                fleet.resolve("keys").resolve("operator"),
                ownHostKey,
                known.resolve("known_hosts"));
    }

    @Override
    public String toString() {
        return node + " at " + host + ":" + port;
    }
}
