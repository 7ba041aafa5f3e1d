package com.espra.protoplex.test.command;

import static com.espra.protoplex.test.command.Fleet.DISTRIBUTION;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.ClassRule;
import org.junit.Test;

/** The processes of two nodes are replaced one wave after the other. The Seed is on node-1, so node-2 is the first. */
public class UpgradeWavesIT {

    @ClassRule
    public static final Fleet fleet = new Fleet();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SEED = "node-1";
    private static final String OTHER = "node-2";

    @Test
    public void nodesAreReplacedWaveByWaveAndGoBackWhenOneCannotBe() throws Exception {
        try (OtherDistribution other = OtherDistribution.whole();
                OtherDistribution broken = OtherDistribution.withoutAHost()) {
            for (String node : List.of(SEED, OTHER)) {
                fleet.configure(node, json -> json.withObjectProperty("child").put("standby", 0));
            }
            fleet.up("--nodes", "2", "--children", "1");
            fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString()).succeeded();
            allHaveNewProcessesAlthoughTheSeedIsKilled(other.folder());
            whoWasUpgradedGoesBackWhenTheNextCannotBe(other.folder(), broken.folder());
            fleet.assertServes("/hello", "hello 1.0.0");
            fleet.run("down").succeeded();
        }
    }

    private static void allHaveNewProcessesAlthoughTheSeedIsKilled(Path other) throws Exception {
        long first = fleet.pid(OTHER);
        long parent = fleet.pid(SEED);
        String id = begin(other, other);
        Await.until("node-2 is told", Fleet.DEADLINE, () -> !upgrades(OTHER).isEmpty());
        List<String> command = fleet.commandLine(SEED);
        fleet.kill(SEED);
        Process seed = fleet.restart(SEED, command);
        awaitEnd(id, "done");
        assertNotEquals("node-1 was replaced, too", seed.pid(), fleet.pid(SEED));
        assertNotEquals(first, fleet.pid(OTHER));
        assertNotEquals(parent, fleet.pid(SEED));
        assertRunsFrom(other, SEED, OTHER);
        Fleet.Result shown = fleet.run("rollout", "show", id).succeeded();
        assertTrue(shown.output(), shown.output().contains("new processes serve on 2 of 2 nodes"));
    }

    /** The Seed's own node is the one that cannot. */
    private static void whoWasUpgradedGoesBackWhenTheNextCannotBe(Path before, Path broken) throws Exception {
        long parent = fleet.pid(SEED);
        String id = begin(broken, DISTRIBUTION);
        String detail = awaitEnd(id, "refused").path("detail").asText();
        assertTrue(detail, detail.startsWith("node-1 was not upgraded: "));
        assertTrue(detail, detail.endsWith("The processes of before serve"));
        assertEquals("node-1 stayed", parent, fleet.pid(SEED));
        assertRunsFrom(before, SEED, OTHER);
    }

    private static String begin(Path ofTheSeed, Path ofTheOther) throws Exception {
        HttpResponse<String> answer = fleet.post(
                "/v1/upgrades",
                Map.of(
                        "children",
                        false,
                        "distributions",
                        Map.of(SEED, ofTheSeed.toString(), OTHER, ofTheOther.toString()),
                        "rollout",
                        Map.of("waves", List.of("canary", "100%"))));
        assertEquals(answer.body(), 202, answer.statusCode());
        return JSON.readTree(answer.body()).path("id").asText();
    }

    private static JsonNode awaitEnd(String id, String state) {
        Await.until(
                "upgrade " + id + " has ended",
                Fleet.DEADLINE.multipliedBy(2),
                () -> !deployment(id).path("ended").asText().isEmpty());
        JsonNode ended = deployment(id);
        assertEquals(
                ended.toString(), state, ended.path("rollout").path("state").asText());
        return ended;
    }

    /** Nothing while the Seed is away. */
    private static JsonNode deployment(String id) {
        return asked("/v1/deployments/" + id);
    }

    private static JsonNode upgrades(String node) {
        return asked("/v1/nodes")
                .path("nodes")
                .valueStream()
                .filter(each -> each.path("node").asText().equals(node))
                .map(each -> each.path("upgrades"))
                .findFirst()
                .orElseGet(JSON::createArrayNode);
    }

    private static JsonNode asked(String path) {
        try {
            return fleet.api(path);
        } catch (IOException | AssertionError e) {
            return JSON.createObjectNode();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRunsFrom(Path distribution, String... nodes) throws IOException {
        for (String node : nodes) {
            String line = String.join(" ", fleet.commandLine(node));
            assertTrue(node + ": " + line, line.contains(distribution + "/"));
        }
    }
}
