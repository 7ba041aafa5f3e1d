package com.espra.protoplex.cli.local;

import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.files.PrivateFiles;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The one node of a folder whose Seed is on another machine.
 *
 * @param dir the folder
 * @param seed {@code host:port} of the Seed
 * @param node its name
 */
public record JoinedNode(FleetDir dir, String seed, String node) {

    private static final Duration LINK_DEADLINE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    /** Whether the folder has such a node, or is about to have it. */
    public static boolean isIn(FleetDir dir) {
        return Files.exists(dir.joinedFile());
    }

    /**
     * Looks whether a join was begun in the folder and has not ended: then there is a key, and nothing that says which Seed.
     *
     * @throws CliException with status 1 if so: what is there is no fleet, and must not become one
     */
    static void requireEnded(FleetDir dir) throws IOException {
        if (isIn(dir) || Files.exists(dir.fleetFile())) {
            return;
        }
        for (String name : dir.nodeNames()) {
            if (Files.exists(identity(dir, name).resolve("node.key"))) {
                throw CliException.refused(
                        "a join as " + name + " was begun in " + dir.path() + ", and was cut off",
                        "run that `protoplex join` again, which goes on with the same token; or delete the folder, for a"
                                + " fleet of its own");
            }
        }
    }

    /** The one in a folder that has it. */
    public static JoinedNode in(FleetDir dir) throws IOException {
        JsonNode tree = JsonTree.read(dir.joinedFile());
        return new JoinedNode(dir, tree.path("seed").asText(), tree.path("node").asText());
    }

    /**
     * Its key; made when it is missing. A join that was cut off goes on with the key of the first attempt, which the Seed knows.
     *
     * @throws CliException with status 1 if the folder belongs to another fleet
     */
    public KeyPair key() throws IOException {
        if (!isIn(dir) && Files.exists(dir.fleetFile())) {
            throw CliException.refused(
                    "the folder " + dir.path() + " has a fleet of its own",
                    "take another one: --dir DIR, such as --dir .protoplex-" + node);
        }
        PrivateFiles.createFolder(dir.path());
        PrivateFiles.createFolder(dir.nodes());
        PrivateFiles.createFolder(dir.node(node));
        PrivateFiles.createFolder(identity());
        return KeyFile.in(identity().resolve("node.key"));
    }

    /**
     * Writes what the node needs to start; what says that it is all there comes last.
     *
     * @param answer the Seed's
     * @param offset what is added to every well-known port
     * @param address by what other machines reach the node; empty: by that of its link
     */
    public void write(JsonNode answer, int offset, Optional<String> address) throws IOException {
        pem(identity().resolve("node.crt"), answer.path("certificate").asText());
        PrivateFiles.createFolder(dir.certificates());
        pem(dir.authority(), answer.path("authority").asText());
        PrivateFiles.createFolder(dir.keys());
        OperatorKey.in(dir.keys());
        NodeFile file = NodeFile.read(dir, node);
        file.joined(dir, texts(answer.path("roles")), offset, seed, identity(), texts(answer.path("authors")), address);
        file.write();
        JsonTree.write(dir.joinedFile(), JsonTree.object().put("seed", seed).put("node", node));
    }

    /**
     * Makes sure that nobody has the ports that it is to have. Writes nothing.
     *
     * @param offset what is added to every well-known port
     * @throws CliException if somebody has one
     */
    public void requireFreePorts(int offset) throws IOException {
        NodeFile file = NodeFile.read(dir, node);
        file.joined(dir, List.of(), offset, seed, identity(), List.of(), Optional.empty());
        file.ports().forEach(port -> port.requireFree(node));
    }

    /** Writes what an older version, with which it has joined, did not know. */
    void complete() throws IOException {
        NodeFile file = NodeFile.read(dir, node);
        if (file.completeJoined(identity())) {
            file.write();
        }
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static void pem(Path file, String text) throws IOException {
        PrivateFiles.replace(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    private Path identity() {
        return identity(dir, node);
    }

    private static Path identity(FleetDir dir, String node) {
        return dir.node(node).resolve("identity");
    }

    /**
     * Waits until the Seed knows the node, which serves already.
     *
     * @return why it does not; empty if it does
     */
    public String awaitLink() throws IOException, InterruptedException {
        long end = System.nanoTime() + LINK_DEADLINE.toNanos();
        while (true) {
            Path file = dir.node(node).resolve("status.json");
            String link = Files.exists(file)
                    ? JsonTree.parseLeniently(Files.readString(file))
                            .path("seed")
                            .asText()
                    : "";
            if (link.equals("linked")) {
                return "";
            }
            if (System.nanoTime() - end >= 0) {
                return link.isEmpty() ? "it has not tried to reach it" : link;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
