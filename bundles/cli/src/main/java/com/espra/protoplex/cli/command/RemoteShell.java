package com.espra.protoplex.cli.command;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.shell.ShellTarget;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The shell of a node on another machine, as the Seed knows it. The way there is the node's own: what guards it are its keys. */
final class RemoteShell {

    private static final Pattern NODE = Pattern.compile("(?!.{64})[A-Za-z0-9]+([._-][A-Za-z0-9]+)*");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private RemoteShell() {}

    /**
     * Where it is; empty if the Seed knows no such node, or there is none to ask.
     *
     * @throws CliException if there is such a node, and its shell cannot be reached
     */
    static Optional<ShellTarget> of(Environment environment, FleetDir dir, String node) throws IOException {
        if (!NODE.matcher(node).matches() || dir.nodeNames().contains(node)) {
            return Optional.empty();
        }
        JsonNode nodes;
        try {
            nodes = SeedClient.of(environment, dir).get("/v1/nodes").path("nodes");
        } catch (CliException e) {
            return Optional.empty();
        }
        for (JsonNode each : nodes) {
            if (each.path("node").asText().equals(node)) {
                return Optional.of(
                        target(dir, node, each.path("addresses").path("shell").asText()));
            }
        }
        return Optional.empty();
    }

    private static ShellTarget target(FleetDir dir, String node, String address) {
        String host =
                address.isEmpty() ? "" : String.valueOf(URI.create(address).getHost());
        if (host.isEmpty() || LOOPBACK.contains(host)) {
            throw CliException.unreachable(
                    "the shell of " + node + " is "
                            + (host.isEmpty() ? "not open" : "for its own machine alone (" + address + ")"),
                    "set `shell.host` in its node.json to an address that this machine reaches, or log in there");
        }
        return ShellTarget.elsewhere(dir.path(), node, URI.create(address));
    }
}
