package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.JsonTree;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A node's node.json. What is in it already stays, unless an option of {@code up} asks for something else. */
final class NodeFile {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String ANYWHERE = "0.0.0.0";
    private static final String JOIN = "join";
    private static final String FLEET = "fleet";
    private static final String ADDRESS = "address";

    private final Path file;
    private final ObjectNode tree;
    private final boolean fresh;

    private NodeFile(Path file, ObjectNode tree, boolean fresh) {
        this.file = file;
        this.tree = tree;
        this.fresh = fresh;
    }

    static NodeFile read(FleetDir dir, String node) throws IOException {
        Path file = dir.node(node).resolve("node.json");
        JsonNode tree = JsonTree.read(file);
        if (tree.isMissingNode()) {
            return new NodeFile(file, JsonTree.object().put("name", node), true);
        }
        if (tree instanceof ObjectNode object) {
            // Somebody has written the file before the first start: without a name the host would take its own default.
            if (object.path("name").isMissingNode()) {
                object.put("name", node);
            }
            return new NodeFile(file, object, false);
        }
        throw CliException.usage(file + " is not a JSON object", "correct it, or move it away");
    }

    void write() throws IOException {
        JsonTree.write(file, tree);
    }

    /** The node that the others reach: the Seed, and the well-known ports. */
    void first(FleetDir dir, UpOptions options, String author) {
        roles(options.roles(name()), List.of(UpOptions.SEED, "app"));
        children(options);
        int offset = options.portOffset().orElse(0);
        boolean move = fresh || options.portOffset().isPresent();
        listener("http", Port.HTTP + offset, move);
        listener("https", Port.HTTPS + offset, move).put("tls", true);
        ObjectNode seed = listener("seed", Port.SEED + offset, move);
        absent(seed, "group", UpOptions.SEED);
        absent(seed, "host", LOOPBACK);
        reached(dir, options, Port.JOIN + offset, move);
        if (!joinAddress().isEmpty()) {
            beside(dir, Port.FLEET + offset, move);
        }
        meta(Port.META + offset, move);
        shell(dir, Port.SHELL + offset, move);
        seedAddress(LOOPBACK + ":" + seed.path("port").asInt());
        ObjectNode server = tree.withObjectProperty("seedServer");
        secret(server, "tokenFile", dir.operatorToken());
        secret(server, "linkTokenFile", dir.linkToken());
        common(dir, author);
    }

    /** The listener by which nodes of other machines, and commands there, reach the Seed: TLS, and it has the certificate from the Seed. */
    private void reached(FleetDir dir, UpOptions options, int port, boolean move) {
        boolean was = tree.path("listeners").has(JOIN);
        if (options.address().isEmpty() && !was) {
            return;
        }
        ObjectNode listener = listener(JOIN, port, move || !was);
        absent(listener, "group", UpOptions.SEED);
        absent(listener, "host", ANYWHERE);
        listener.put("tls", true).put("clientCertificates", true);
        Path ca = dir.certificates();
        listener.put("certificate", ca.resolve("seed.crt").toString());
        listener.put("key", ca.resolve("seed.key").toString());
        ObjectNode server = tree.withObjectProperty("seedServer");
        String before = server.path("address").asText();
        String host = options.address().orElse(before.substring(0, Math.max(0, before.lastIndexOf(':'))));
        server.put("address", host + ":" + listener.path("port").asInt());
        if (options.address().isPresent() || !tree.has(ADDRESS)) {
            tree.put(ADDRESS, host);
        }
    }

    /** The listener by which nodes of other machines call this one: TLS, and both sides show certificates. */
    private void fleet(int port, boolean move, Path certificate, Path key) {
        ObjectNode listener = listener(FLEET, port, move);
        absent(listener, "group", FLEET);
        absent(listener, "host", ANYWHERE);
        listener.put("tls", true).put("clientCertificates", true);
        listener.put("certificate", certificate.toString()).put("key", key.toString());
    }

    /** A node of the Seed's machine: it gets its certificate from the Seed, by the token of its link. */
    private void beside(FleetDir dir, int port, boolean move) {
        Path identity = dir.node(name()).resolve("data").resolve("identity");
        fleet(port, move, identity.resolve("node.crt"), identity.resolve("node.key"));
    }

    /**
     * A node that has joined with an older version has no listener for the fleet yet.
     *
     * @return whether it was added
     */
    boolean completeJoined(Path identity) {
        JsonNode listeners = tree.path("listeners");
        if (listeners.has(FLEET) || !listeners.path("meta").path("port").isInt()) {
            return false;
        }
        fleet(
                listeners.path("meta").path("port").asInt() + Port.FLEET - Port.META,
                true,
                identity.resolve("node.crt"),
                identity.resolve("node.key"));
        return true;
    }

    /** {@code host:port} by which other machines reach the Seed of this node; empty if they do not. */
    String joinAddress() {
        return tree.path("seedServer").path("address").asText();
    }

    /**
     * A node on a machine of its own, whose Seed is elsewhere.
     *
     * @param seed {@code host:port}
     * @param identity the folder of its certificate and key
     * @param address by what other machines reach it; empty: by that of its link
     */
    void joined(
            FleetDir dir,
            List<String> roles,
            int offset,
            String seed,
            Path identity,
            List<String> authors,
            Optional<String> address) {
        address.ifPresent(host -> tree.put(ADDRESS, host));
        roles(roles, List.of("app"));
        listener("http", Port.HTTP + offset, true);
        listener("https", Port.HTTPS + offset, true).put("tls", true);
        meta(Port.META + offset, true);
        fleet(Port.FLEET + offset, true, identity.resolve("node.crt"), identity.resolve("node.key"));
        shell(dir, Port.SHELL + offset, true);
        seedAddress(seed);
        tree.withObjectProperty("seed")
                .put("certificate", identity.resolve("node.crt").toString())
                .put("key", identity.resolve("node.key").toString())
                .put("authority", dir.authority().toString());
        ArrayNode trusted = tree.withObjectProperty("trust").putArray("authors");
        authors.forEach(trusted::add);
    }

    /** A further node: ports of its own on the loopback interface, chosen once. */
    void further(FleetDir dir, UpOptions options, String author, NodeFile first) {
        roles(
                options.roles(name()).stream()
                        .filter(role -> !role.equals(UpOptions.SEED))
                        .toList(),
                List.of("app"));
        children(options);
        if (!tree.path("listeners").isObject()) {
            listener("http", Port.free(), true).put("host", LOOPBACK);
            meta(Port.free(), true);
        }
        if (!tree.path("shell").path("port").isInt()) {
            shell(dir, Port.free(), true);
        }
        String host = first.tree.path(ADDRESS).asText();
        if (!first.joinAddress().isEmpty() && !host.isEmpty()) {
            tree.put(ADDRESS, host);
            if (!tree.path("listeners").has(FLEET)) {
                beside(dir, Port.free(), true);
            }
        }
        seedAddress(first.seedAddress());
        common(dir, author);
    }

    private void common(FleetDir dir, String author) {
        secret(tree.withObjectProperty("seed"), "tokenFile", dir.linkToken());
        ArrayNode authors = tree.withObjectProperty("trust").withArrayProperty("authors");
        if (authors.valueStream().noneMatch(known -> known.asText().equals(author))) {
            authors.add(author);
        }
    }

    private void roles(List<String> given, List<String> standard) {
        if (!given.isEmpty() || !tree.path("roles").isArray()) {
            ArrayNode roles = tree.putArray("roles");
            (given.isEmpty() ? standard : given).forEach(roles::add);
        }
    }

    private void children(UpOptions options) {
        options.children().ifPresent(children -> {
            if (children.equals(UpOptions.CORES)) {
                tree.put("children", children);
            } else {
                tree.put("children", Integer.parseInt(children));
            }
        });
    }

    /** Whether the node's own process is the parent of those that serve. */
    boolean hasChildren() {
        String given = System.getenv("PROTOPLEX_CHILDREN");
        String children = given == null ? tree.path("children").asText("0") : given.strip();
        return !children.equals("0") && !children.isEmpty();
    }

    private ObjectNode listener(String name, int port, boolean move) {
        ObjectNode listener = tree.withObjectProperty("listeners").withObjectProperty(name);
        if (move || !listener.has("port")) {
            listener.put("port", port);
        }
        return listener;
    }

    private void meta(int port, boolean move) {
        ObjectNode meta = listener("meta", port, move);
        absent(meta, "group", "meta");
        absent(meta, "host", LOOPBACK);
    }

    private void shell(FleetDir dir, int port, boolean move) {
        ObjectNode shell = tree.withObjectProperty("shell");
        if (move || !shell.has("port")) {
            shell.put("port", port);
        }
        secret(shell, "authorizedKeys", dir.operatorPublicKey());
    }

    /** The Seed of this fleet, wherever it listens now. */
    private void seedAddress(String address) {
        tree.withObjectProperty("seed").put("address", address);
    }

    /** A file of this fleet's folder: corrected when the folder was moved, left alone when the user chose another file. */
    private static void secret(ObjectNode node, String key, Path value) {
        if (!node.has(key) || !Files.exists(Path.of(node.path(key).asText()))) {
            node.put(key, value.toString());
        }
    }

    private static void absent(ObjectNode node, String key, String value) {
        if (!node.has(key)) {
            node.put(key, value);
        }
    }

    private String name() {
        return tree.path("name").asText();
    }

    List<String> roles() {
        return tree.path("roles").valueStream().map(JsonNode::asText).toList();
    }

    String children() {
        return tree.path("children").asText("0");
    }

    int httpPort() {
        return tree.path("listeners").path("http").path("port").asInt();
    }

    boolean hasRole(String role) {
        return tree.path("roles").valueStream().anyMatch(each -> each.asText().equals(role));
    }

    /** The URL of the Seed's API. */
    String seedUrl() {
        return (tree.path("seed").has("certificate") ? "https://" : "http://") + seedAddress();
    }

    /** host:port of the Seed. */
    String seedAddress() {
        return tree.path("seed").path("address").asText();
    }

    /** All ports that the node will listen on; those that it chooses itself are not among them. */
    List<Port> ports() {
        List<Port> ports = new ArrayList<>();
        tree.path("listeners").properties().forEach(entry -> {
            JsonNode listener = entry.getValue();
            boolean isPublic = listener.path("group").asText("public").equals("public");
            String host = listener.path("host").asText(isPublic ? ANYWHERE : LOOPBACK);
            ports.add(new Port(entry.getKey(), host, listener.path("port").asInt()));
        });
        JsonNode shell = tree.path("shell");
        ports.add(new Port(
                "shell", shell.path("host").asText(LOOPBACK), shell.path("port").asInt()));
        ports.removeIf(port -> port.number() == 0);
        return ports;
    }

    /** Options for the node's JVM, from the user: of the environment, as for every key, or else of the file. */
    List<String> jvmOptions() {
        String given = System.getenv("PROTOPLEX_JVM_OPTIONS");
        if (given != null) {
            return Stream.of(given.split(","))
                    .map(String::strip)
                    .filter(option -> !option.isEmpty())
                    .toList();
        }
        return tree.path("jvm")
                .path("options")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    /** How long an orderly stop may take, in seconds. */
    int stopSeconds() {
        return tree.path("stopSeconds").asInt(30);
    }
}
