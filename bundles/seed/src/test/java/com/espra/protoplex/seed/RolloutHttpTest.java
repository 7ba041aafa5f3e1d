package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Rollouts over HTTP, and the link. */
public class RolloutHttpTest {

    private static final String DEPLOYMENTS = "/v1/apps/hello/deployments";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<WireNode> nodes = new ArrayList<>();
    private RunningSeed seed;

    @Before
    public void open() throws Exception {
        seed = new RunningSeed(folder.getRoot().toPath(), 1 << 20, 20);
        for (int i = 1; i <= 3; i++) {
            nodes.add(new WireNode(seed, "node-" + i));
        }
        Await.until(
                "all are there", () -> seed.json("/v1/status").path("connected").asInt() == 3);
        seed.upload("hello", "1.0.0");
        seed.events(seed.deploy("hello", "1.0.0"));
        seed.upload("hello", "1.0.1");
    }

    @After
    public void close() throws Exception {
        nodes.forEach(WireNode::close);
        seed.close();
    }

    private HttpResponse<String> push(Map<String, ?> rollout) throws Exception {
        return seed.post(DEPLOYMENTS, Map.of("version", "1.0.1", "by", "ada", "rollout", rollout));
    }

    private static JsonNode read(HttpResponse<String> answer) throws Exception {
        return RunningSeed.JSON.readTree(answer.body());
    }

    private JsonNode rollout(String id) throws Exception {
        return seed.json("/v1/deployments/" + id).path("rollout");
    }

    private String with(String version) {
        return String.join(
                ",",
                nodes.stream()
                        .map(node -> node.serves("hello").equals(version) ? "x" : "-")
                        .toList());
    }

    @Test
    public void aRolloutIsPausedResumedPromotedAndDone() throws Exception {
        HttpResponse<String> begun = push(Map.of("waves", List.of("canary", "100%"), "bakeSeconds", 600));
        assertEquals(begun.body(), 202, begun.statusCode());
        String id = read(begun).path("id").asText();
        Await.until("the canary bakes", () -> rollout(id).path("state").asText().equals("baking"));
        assertEquals("x,-,-", with("1.0.1"));
        JsonNode listed = seed.json("/v1/rollouts").path("rollouts").get(0);
        assertEquals(id, listed.path("id").asText());
        assertEquals(1, listed.path("rollout").path("told").asInt());
        assertTrue(listed.path("rollout").path("gate").asBoolean());
        assertFalse(listed.path("rollout").path("bakesUntil").asText().isEmpty());

        assertEquals(
                "paused",
                operate(id, "pause", 202).path("rollout").path("state").asText());
        JsonNode twice = operate(id, "pause", 409);
        assertTrue(twice.toString(), twice.path("remedy").asText().contains("rollout resume " + id));
        operate(id, "promote", 409);
        operate(id, "resume", 202);
        operate(id, "promote", 202);
        List<JsonNode> events = seed.events(begun);
        assertEquals(
                "hello 1.0.1 serves on 3 of 3 nodes",
                events.getLast().path("detail").asText());
        assertTrue(
                events.toString(),
                events.stream()
                        .anyMatch(each -> each.path("step").asText().equals("WAVE")
                                && each.path("detail").asText().equals("wave 2 of 2 (100%): node-2, node-3")));
        assertEquals("x,x,x", with("1.0.1"));
        operate(id, "resume", 409);
        String audit = seed.json("/v1/audit").toString();
        assertTrue(audit, audit.contains("POST /v1/deployments/" + id + "/promote"));
    }

    private JsonNode operate(String id, String what, int status) throws Exception {
        HttpResponse<String> answer = seed.post("/v1/deployments/" + id + "/" + what, Map.of("by", "ada"));
        assertEquals(what + ": " + answer.body(), status, answer.statusCode());
        return read(answer);
    }

    private void refused(int status, String part, Map<String, ?> rollout) throws Exception {
        HttpResponse<String> answer = push(rollout);
        assertEquals(answer.body(), status, answer.statusCode());
        assertTrue(answer.body(), answer.body().contains(part));
        assertEquals("-,-,-", with("1.0.1"));
    }

    /** What came for a look alone is not kept; what is refused neither, so that its version is free for what mends it. */
    @Test
    public void aDryRunLeavesNoBuildAndAPushDoes() throws Exception {
        nodes.forEach(node -> node.finds = "passed");
        String kept = seed.upload("hello", "1.0.2");
        JsonNode found = read(seed.post("/v1/apps/hello/rehearsals", Map.of("digest", kept)));
        assertEquals("passed", found.path("nodes").get(0).path("state").asText());
        assertEquals(200, seed.get("/v1/builds/" + kept + "/manifest").statusCode());

        String looked = seed.upload("hello", "1.0.3");
        seed.post("/v1/apps/hello/rehearsals", Map.of("digest", looked, "dryRun", true));
        assertEquals(404, seed.get("/v1/builds/" + looked + "/manifest").statusCode());

        nodes.forEach(node -> node.finds = "refused");
        String refused = seed.upload("hello", "1.0.4");
        JsonNode missing = read(seed.post("/v1/apps/hello/rehearsals", Map.of("digest", refused)));
        assertEquals("refused", missing.path("nodes").get(0).path("state").asText());
        assertEquals(404, seed.get("/v1/builds/" + refused + "/manifest").statusCode());
        String serves =
                seed.json("/v1/status").path("apps").get(0).path("digest").asText();
        seed.post("/v1/apps/hello/rehearsals", Map.of("digest", serves, "dryRun", true));
        assertEquals(200, seed.get("/v1/builds/" + serves + "/manifest").statusCode());
    }

    /** An upgrade is a rollout as others are; whoever may not begin one may not say how it goes on. */
    @Test
    public void anUpgradeIsARolloutForAdministrators() throws Exception {
        for (WireNode node : nodes) {
            node.say(new LinkFrame.Actual(
                    9, List.of(), LinkFrame.Health.GOOD, new LinkFrame.Upgrades(true, List.of(), "/opt/1")));
        }
        Map<String, ?> waves = Map.of("waves", List.of("canary", "100%"), "bakeSeconds", 600);
        Await.until(
                "all say that they can be replaced",
                () -> seed.json("/v1/nodes")
                        .path("nodes")
                        .valueStream()
                        .allMatch(node -> node.path("upgradable").asBoolean(true)));
        upgrade(400, Map.of("children", false));
        upgrade(400, Map.of("rollout", waves));
        upgrade(400, Map.of("children", false, "rollout", waves, "distributions", Map.of("node-1", 7)));
        upgrade(
                422,
                Map.of(
                        "children",
                        false,
                        "rollout",
                        Map.of("waves", List.of("100%"), "gate", Map.of("on", true, "leastRequests", 5))));
        JsonNode begun = upgrade(
                202,
                Map.of("children", false, "by", "ada", "rollout", waves, "distributions", Map.of("node-1", "/opt/2")));
        String id = begun.path("id").asText();
        assertEquals("upgrade", begun.path("kind").asText());
        Await.until("node-1 is told", () -> !nodes.getFirst().upgrades.isEmpty());
        assertEquals("/opt/2", nodes.getFirst().upgrades.getFirst().distribution());
        assertEquals(
                id, seed.json("/v1/rollouts").path("rollouts").get(0).path("id").asText());
        upgrade(409, Map.of("children", false, "rollout", waves));

        String secret = read(seed.post("/v1/tokens", Map.of("name", "ci", "scope", "push")))
                .path("token")
                .asText();
        HttpResponse<String> pusher = seed.send(HttpRequest.newBuilder(seed.uri("/v1/deployments/" + id + "/pause"))
                .header("Authorization", "Bearer " + secret)
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertEquals(pusher.body(), 403, pusher.statusCode());
        assertEquals(
                "paused",
                operate(id, "pause", 202).path("rollout").path("state").asText());
        operate(id, "abort", 202);
        nodes.getFirst()
                .say(new LinkFrame.Actual(
                        9,
                        List.of(),
                        LinkFrame.Health.GOOD,
                        new LinkFrame.Upgrades(
                                true,
                                List.of(new LinkFrame.Upgraded(
                                        nodes.getFirst().upgrades.getFirst().id(), "FAILED", "no memory", 0)),
                                "/opt/1")));
        List<JsonNode> events = seed.events(seed.get("/v1/deployments/" + id));
        assertEquals("refused", events.getLast().path("state").asText());
        assertTrue(events.toString(), events.getLast().path("detail").asText().startsWith("it was given up by ada"));
    }

    private JsonNode upgrade(int status, Map<String, ?> body) throws Exception {
        HttpResponse<String> answer = seed.post("/v1/upgrades", body);
        assertEquals(answer.body(), status, answer.statusCode());
        return read(answer);
    }

    @Test
    public void badInputBeginsNothing() throws Exception {
        refused(422, "are none", Map.of());
        refused(422, "'some' is no wave", Map.of("waves", List.of("some", "100%")));
        refused(422, "the waves end at 50%", Map.of("waves", List.of("50%")));
        refused(400, "is not a string", Map.of("waves", List.of(1, "100%")));
        refused(400, "no member 'bake'", Map.of("waves", List.of("100%"), "bake", 5));
        refused(400, "no member 'noise'", Map.of("waves", List.of("100%"), "gate", Map.of("noise", 5)));
        refused(400, "not a number of seconds", Map.of("waves", List.of("100%"), "bakeSeconds", "5m"));
        refused(422, "out of range", Map.of("waves", List.of("100%"), "bakeSeconds", 700_000));
        refused(422, "may be unavailable", Map.of("waves", List.of("100%"), "maxUnavailable", "0"));
        refused(
                422,
                "no percentage points",
                Map.of("waves", List.of("100%"), "gate", Map.of("on", true, "errorPoints", 500)));
        refused(409, "is in the region mars", Map.of("waves", List.of("region:mars", "100%")));
        HttpResponse<String> none = seed.post(DEPLOYMENTS, Map.of("version", "1.0.1", "rollout", 5));
        assertEquals(none.body(), 400, none.statusCode());
        assertEquals(404, seed.post("/v1/deployments/99/pause", Map.of()).statusCode());
    }
}
