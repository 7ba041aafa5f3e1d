package com.espra.protoplex.host.config;

import static com.espra.protoplex.host.config.Key.choice;
import static com.espra.protoplex.host.config.Key.choiceOrPath;
import static com.espra.protoplex.host.config.Key.count;
import static com.espra.protoplex.host.config.Key.flag;
import static com.espra.protoplex.host.config.Key.number;
import static com.espra.protoplex.host.config.Key.open;
import static com.espra.protoplex.host.config.Key.text;
import static com.espra.protoplex.host.config.Key.texts;

import java.util.List;

/** Every key that node.json may have. */
final class Keys {

    /** The variables that set keys of units: only who has the build knows which keys those are. */
    static final String UNIT_VARIABLES = "unitVariables";

    /** What a child is told of the listeners of the other processes. */
    static final String ELSEWHERE = "elsewhere";

    private static final long GIBIBYTE = 1L << 30;

    static final List<Key> ALL = List.of(
            text("name", "node-1", "the node's name in the fleet"),
            text("region", "local", "the region that the node is in"),
            text(
                    "address",
                    "",
                    "the host by which other machines reach this node; empty: that of its link to the Seed"),
            texts("roles", List.of("app"), "what the node does"),
            text("listeners.*.group", "public", "who is served: public, seed or meta"),
            choice(
                    "listeners.*.protocol",
                    List.of("http", "stream"),
                    "what is spoken: HTTP, or a stream of bytes that a role understands"),
            choice(
                    "listeners.*.process",
                    List.of("each", "one"),
                    "with children: whether each process that serves has it, or the one of units that are placed in one"),
            text("listeners.*.host", "0.0.0.0", "the address to listen on"),
            number("listeners.*.port", 0, 0, 65535, "the port to listen on, 0 for a free one"),
            flag("listeners.*.tls", false, "whether the listener speaks TLS"),
            text("listeners.*.certificate", "", "PEM file of the certificate chain; self-made when empty"),
            text("listeners.*.key", "", "PEM file of the private key"),
            text(
                    "listeners.*.certificates",
                    "",
                    "folder with a PEM file, chain and key, for each further host; a client gets that of the host it asks for"),
            flag(
                    "listeners.*.clientCertificates",
                    false,
                    "whether clients are asked for a certificate; whoever serves there says what it is good for"),
            texts(
                    "listeners.*.proxies",
                    List.of(),
                    "addresses or networks of load balancers whose connections begin with a PROXY header"),
            texts(
                    "listeners.*.forwarders",
                    List.of(),
                    "addresses or networks of load balancers whose X-Forwarded-For and X-Forwarded-Proto are believed"),
            choice(
                    "listeners.*.welcome",
                    List.of("loopback", "everybody", "nobody"),
                    "who is shown what runs here: who asks from this machine, everybody, or nobody"),
            number("limits.headerBytes", 16_384, 1024, 1 << 20, "the largest request header, in bytes"),
            number("limits.bodyBytes", GIBIBYTE, 0, 1L << 50, "the largest request body, in bytes"),
            number("limits.connections", 20_000, 1, 1 << 20, "the most connections at a time"),
            number("limits.requests", 16_384, 1, 1 << 20, "the most requests at a time"),
            number("limits.idleSeconds", 30, 1, 86_400, "how long a connection may be idle, in seconds"),
            number("limits.minBytesPerSecond", 1024, 0, GIBIBYTE, "the slowest that a client may send or read"),
            number("limits.threads", 0, 0, 10_000, "the threads that serve requests, 0 to let the node choose"),
            number(
                    "limits.stallSeconds",
                    30,
                    1,
                    86_400,
                    "how long handlers may leave no thread for another request, before the process counts as dead"),
            choice("limits.kind", List.of("threads", "events"), "whether handlers wait, each on a thread of its own"),
            flag("limits.accessLog", true, "whether each request is logged in log/access.log"),
            flag("limits.accessLogAddresses", true, "whether that log has whole client addresses, or networks only"),
            number("streams.connections", 2000, 1, 1 << 20, "the most connections of stream listeners at a time"),
            number(
                    "streams.connectionsPerAddress",
                    100,
                    0,
                    1 << 20,
                    "the most of them from one client's address, 0 for no such bound"),
            number("streams.newPerSecond", 1000, 1, 1 << 20, "the most of them that may come in a second"),
            number(
                    "streams.newPerSecondPerAddress",
                    50,
                    0,
                    1 << 20,
                    "the most of them that may come in a second from one address, 0 for no such bound"),
            number("streams.idleSeconds", 300, 1, 86_400, "how long their client may be silent, in seconds"),
            number("streams.handshakeSeconds", 10, 1, 3600, "how long it may take until it is served, in seconds"),
            number(
                    "streams.unreadSeconds",
                    30,
                    1,
                    3600,
                    "how long it may take for the next 16 KiB that it is sent, in seconds"),
            number("swap.restKeep", 2, 0, 100, "how many old generations of a unit are kept for a roll-back"),
            number("swap.restSeconds", 3600, 0, 31_536_000, "how long an old generation is kept, in seconds"),
            text("seed.address", "", "host:port of the Seed; no link is kept when empty"),
            text("seed.tokenFile", "", "file with the token of the link"),
            text("seed.certificate", "", "PEM file of this node's certificate, if it has joined with one"),
            text("seed.key", "", "PEM file of its private key"),
            text("seed.authority", "", "PEM file of the certificate of what vouches for the Seed"),
            texts("trust.authors", List.of(), "public keys of the authors whose builds this node runs"),
            text("seedServer.tokenFile", "", "file with the operators' token of the Seed's API"),
            text("seedServer.linkTokenFile", "", "file with the token of the nodes' links"),
            text("seedServer.address", "", "the host by which other machines reach the Seed; empty: they do not"),
            number("seedServer.maxBuildBytes", GIBIBYTE, 1, 1L << 50, "the largest build, in bytes"),
            number("seedServer.keepBuilds", 20, 2, 10_000, "how many builds of an app are kept"),
            text("shell.host", "127.0.0.1", "the address that the SSH shell listens on"),
            number("shell.port", 8022, 0, 65535, "the port of the SSH shell, 0 for a free one"),
            text("shell.authorizedKeys", "", "file with the SSH keys that may log in; no shell when empty"),
            text("log.level", "INFO", "what is logged: ERROR, WARN, INFO, DEBUG or TRACE"),
            open("log.levels", "logger name to level, where it differs from log.level"),
            number("log.fileBytes", 64 << 20, 1 << 16, GIBIBYTE, "the size at which a new log file is begun"),
            number("log.files", 5, 1, 1000, "how many log files are kept"),
            number("stopSeconds", 30, 1, 86_400, "how long a stop may take before the node is ended by force"),
            count("children", 0, 256, "the processes that serve, beside their parent; 0 for one process in all"),
            number(
                    "child.standby",
                    1,
                    0,
                    16,
                    "how many more children are kept ready to take the place of one that is lost"),
            number("child.heapBytes", 512 << 20, 48 << 20, 1L << 42, "the largest heap of a child, in bytes"),
            number("child.directBytes", 256 << 20, 1 << 20, 1L << 42, "the most memory of a child outside its heap"),
            number(
                    "child.memoryBytes",
                    0,
                    0,
                    1L << 42,
                    "the resident memory at which a child is replaced, 0: both and 384 MiB"),
            number("child.openFiles", 65_536, 64, 1 << 20, "the most files and sockets that a child may have open"),
            choiceOrPath(
                    "child.cgroup",
                    List.of("auto", "off"),
                    "the cgroup v2 in which each child gets its own; auto: the node's, if it is delegated to it"),
            number("child.heartbeatSeconds", 3, 1, 3600, "how long a child may be silent before it is replaced"),
            number("child.startSeconds", 120, 1, 3600, "how long a child may take until it could serve"),
            number(
                    "child.stableSeconds",
                    60,
                    1,
                    86_400,
                    "how long a child serves until its place's failures are forgotten"),
            texts("jvm.options", List.of(), "options of the JVM that serves, read by whoever starts it"),
            open("units", "app or role to key to value, beneath what is set at the Seed"),
            open(UNIT_VARIABLES, "what the environment says of units: not for node.json"),
            open(ELSEWHERE, "public listeners of other processes of the node and what they speak: not for node.json"),
            open("configurations", "PID to properties, for bundles that are not Protoplex's own"));

    private Keys() {}
}
