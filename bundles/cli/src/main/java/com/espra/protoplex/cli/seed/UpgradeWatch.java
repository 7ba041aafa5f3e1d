package com.espra.protoplex.cli.seed;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.fleet.client.SeedApi.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Replaces the processes of nodes, and watches that to its end: the Seed's own process may be among them, and does not answer then. */
public final class UpgradeWatch {

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final long POLL_MILLIS = 200;
    private static final Duration UNBOUNDED = Duration.ofDays(365);
    private static final Duration COMING_BACK = Duration.ofMinutes(1);

    private final SeedClient seed;
    private final Duration deadline;
    private final Duration away;

    /** @param seed whose nodes */
    public UpgradeWatch(SeedClient seed) {
        // A process that does not start is given up after two minutes, and the one before it comes back then.
        this(seed, Duration.ofMinutes(5), Duration.ofMinutes(4));
    }

    /**
     * With bounds of a test's own.
     *
     * @param deadline how long an upgrade may take
     * @param away how long the Seed may be away meanwhile
     */
    UpgradeWatch(SeedClient seed, Duration deadline, Duration away) {
        this.seed = seed;
        this.deadline = deadline;
        this.away = away;
    }

    /** All nodes that the Seed knows. */
    public JsonNode nodes() {
        return seed.get("/v1/nodes").path("nodes");
    }

    /**
     * Begins one.
     *
     * @param body as the API has it
     * @return its id
     */
    public String begin(String node, ObjectNode body) {
        return seed.post("/v1/nodes/" + node + "/upgrades", body).path("id").asText();
    }

    /** Waits, a while, until a node is connected: the Seed may have been replaced just now, and its nodes come back one by one. */
    public void awaitConnected(String node) throws InterruptedException {
        poll(
                COMING_BACK,
                nodes -> find(nodes, node).filter(each -> each.path("connected").asBoolean()));
    }

    /**
     * Waits until an upgrade has ended.
     *
     * @param id what {@link #begin} gave
     * @return it, as the API has it: done, or failed; empty if nothing was heard of it for too long
     * @throws CliException with status 3 if the Seed is away for too long
     */
    public Optional<JsonNode> await(String node, String id) throws InterruptedException {
        return poll(
                deadline,
                nodes -> find(nodes, node)
                        .flatMap(found -> found.path("upgrades")
                                .valueStream()
                                .filter(each -> each.path("id").asText().equals(id))
                                .filter(each -> !each.path("state").asText().equals("running"))
                                .findFirst()));
    }

    /**
     * Begins one of all nodes, wave by wave.
     *
     * @param body as the API has it
     * @return the deployment that it is; empty if the Seed does not know of such, being of an older version
     */
    public Optional<JsonNode> beginWaves(ObjectNode body) {
        return seed.postIfKnown("/v1/upgrades", body);
    }

    /**
     * Waits until it has ended, however long that takes.
     *
     * @param id of the deployment
     * @param watcher told how it stands, at every look
     * @return as it ended
     * @throws CliException with status 3 if the Seed is away for too long
     */
    public JsonNode follow(String id, Consumer<JsonNode> watcher) throws InterruptedException {
        return poll("/v1/deployments/" + id, UNBOUNDED, deployment -> {
                    watcher.accept(deployment);
                    return Optional.of(deployment)
                            .filter(each -> !each.path("ended").asText().isEmpty());
                })
                .orElseThrow();
    }

    private static Optional<JsonNode> find(JsonNode nodes, String node) {
        return nodes.valueStream()
                .filter(each -> each.path("node").asText().equals(node))
                .findFirst();
    }

    private Optional<JsonNode> poll(Duration within, Function<JsonNode, Optional<JsonNode>> wanted)
            throws InterruptedException {
        return poll("/v1/nodes", within, answer -> wanted.apply(answer.path("nodes")));
    }

    private Optional<JsonNode> poll(String path, Duration within, Function<JsonNode, Optional<JsonNode>> wanted)
            throws InterruptedException {
        Instant end = Instant.now().plus(within);
        Instant heard = Instant.now();
        while (true) {
            try {
                Answer answer = seed.api().ask(path);
                if (answer.status() == UNAUTHORIZED) {
                    seed.call(() -> seed.api().require(answer));
                }
                // While its process is replaced, it is not the Seed that answers.
                if (answer.status() != OK) {
                    throw new IOException("it answered " + answer.status());
                }
                Optional<JsonNode> found = wanted.apply(answer.body());
                if (found.isPresent() || Instant.now().isAfter(end)) {
                    return found;
                }
                heard = Instant.now();
            } catch (IOException e) {
                if (Instant.now().isAfter(heard.plus(away))) {
                    throw seed.unreachable(e);
                }
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
