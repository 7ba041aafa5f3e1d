package com.espra.protoplex.cli.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Await;
import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.fleet.client.SeedApi;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** An upgrade is watched through whatever the Seed itself goes through meanwhile. */
public class UpgradeWatchTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String NODES = "/v1/nodes";

    private final FakeSeed seed;
    private final SeedClient client;

    public UpgradeWatchTest() throws IOException {
        seed = new FakeSeed();
        client = new SeedClient(new SeedApi(seed.address(), () -> FakeSeed.TOKEN), "start it");
    }

    @Before
    public void running() throws IOException {
        shown("running", "");
    }

    @After
    public void stop() {
        seed.close();
    }

    private void shown(String state, String reason) throws IOException {
        seed.data.put(
                NODES,
                JsonTree.parse(("{\"nodes\": [{\"node\": \"node-1\", \"connected\": true, \"upgrades\": ["
                                + "{\"id\": \"7\", \"state\": \"" + state + "\", \"reason\": \"" + reason
                                + "\", \"seconds\": 2.5}]}]}")
                        .getBytes(StandardCharsets.UTF_8)));
    }

    private static CompletableFuture<Optional<JsonNode>> watch(UpgradeWatch upgrades) {
        CompletableFuture<Optional<JsonNode>> ended = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                ended.complete(upgrades.await("node-1", "7"));
            } catch (InterruptedException | RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
        return ended;
    }

    private void awaitRequests(int more) throws Exception {
        int before = seed.requests.size();
        Await.until("it is asked again", () -> seed.requests.size() >= before + more);
    }

    @Test
    public void itIsWatchedToItsEndThoughTheSeedIsReplaced() throws Exception {
        CompletableFuture<Optional<JsonNode>> ended = watch(new UpgradeWatch(client, LONG, LONG));
        awaitRequests(2);
        seed.problems.put(NODES, FakeSeed.problem(503, "the Seed stops", "try again"));
        awaitRequests(2);
        seed.problems.put(NODES, FakeSeed.problem(404, "nothing serves here", ""));
        awaitRequests(2);
        seed.problems.remove(NODES);
        seed.data.put(NODES, JsonTree.parse("{\"nodes\": []}".getBytes(StandardCharsets.UTF_8)));
        awaitRequests(2);
        shown("failed", "no such option");

        JsonNode upgrade = ended.get(30, TimeUnit.SECONDS).orElseThrow();

        assertEquals("no such option", upgrade.path("reason").asText());
    }

    @Test
    public void whatIsNotHeardOfIsGivenUp() throws Exception {
        assertEquals(Optional.empty(), new UpgradeWatch(client, SHORT, LONG).await("node-1", "7"));
        shown("done", "");
        assertEquals("another id", Optional.empty(), new UpgradeWatch(client, SHORT, LONG).await("node-1", "8"));
        assertTrue(new UpgradeWatch(client, SHORT, LONG).await("node-1", "7").isPresent());
    }

    @Test
    public void aSeedThatStaysAwayIsUnreachable() {
        UpgradeWatch upgrades = new UpgradeWatch(client, LONG, SHORT);
        seed.close();
        CliException unreachable = assertThrows(CliException.class, () -> upgrades.await("node-1", "7"));
        assertEquals(CliException.UNREACHABLE, unreachable.status());
    }

    @Test
    public void aTokenThatIsNotKnownIsNotTriedAgain() {
        UpgradeWatch upgrades =
                new UpgradeWatch(new SeedClient(new SeedApi(seed.address(), () -> "wrong"), ""), LONG, LONG);
        CliException refused = assertThrows(CliException.class, () -> upgrades.await("node-1", "7"));
        assertEquals(CliException.REFUSED, refused.status());
        assertEquals(1, seed.requests.size());
    }
}
