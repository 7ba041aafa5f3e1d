package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.ClassRule;
import org.junit.Test;

/** Pushes in waves, on three nodes. The Seed is on node-1, so the canary is node-2. */
public class RolloutIT {

    @ClassRule
    public static final Fleet fleet = new Fleet();

    private static final String WAVES = "canary,50%,100%";

    @Test
    public void aBadCanaryGoesBackByItselfAndAKilledSeedGoesOnInMidWave() throws Exception {
        fleet.up("--nodes", "3");
        fleet.run("push", shop("1.0.0", 200).toString()).succeeded();
        aBadCanaryGoesBackByItself();
        aKilledSeedGoesOnInMidWave();
        aRollBackTurnsWhatGoesOn();
    }

    /** It starts as it should, and then answers with errors: only its requests tell. */
    private static void aBadCanaryGoesBackByItself() throws Exception {
        ask("node-2", 40);
        Process push = fleet.start(
                "push", shop("1.0.1", 500).toString(), "--wave", WAVES, "--bake", "10m", "--min-requests", "30");
        awaitVersions("1.0.0", "1.0.1", "1.0.0");
        ask("node-2", 40);

        assertTrue("the push ends", push.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));

        Fleet.Result result = fleet.result(push).failedWith(1);
        assertTrue(result.all(), result.errors().contains("shop 1.0.1 is taken back: 100.0 % of "));
        assertTrue(result.all(), result.errors().contains("shop 1.0.0 still serves on 3 of 3 nodes"));
        assertTrue(result.all(), result.output().contains("seed wave: wave 1 of 3 (canary): node-2"));
        awaitVersions("1.0.0", "1.0.0", "1.0.0");
    }

    private static void aKilledSeedGoesOnInMidWave() throws Exception {
        String id = begin("1.0.2");
        awaitVersions("1.0.0", "1.0.2", "1.0.0");
        List<String> command = fleet.commandLine("node-1");
        fleet.kill("node-1");
        assertEquals("what was told serves on", "1.0.2", answered("node-2"));
        Process seed = fleet.restart("node-1", command);
        try {
            Await.until(
                    "the rollout is where it was",
                    Fleet.DEADLINE,
                    () -> state(id).equals("baking") || state(id).equals("held"));
            assertEquals("nobody moved meanwhile", "1.0.0", answered("node-3"));
            fleet.run("rollout", "promote", id).succeeded();
            awaitVersions("1.0.0", "1.0.2", "1.0.2");
            Fleet.Result list = fleet.run("rollout", "list").succeeded();
            assertTrue(list.output(), list.output().contains("2/3 50%"));
            Await.until("it is watched", Fleet.DEADLINE, () -> state(id).equals("baking"));
            fleet.run("rollout", "promote", id).succeeded();
            awaitVersions("1.0.2", "1.0.2", "1.0.2");
            Await.until("it is done", Fleet.DEADLINE, () -> state(id).equals("done"));
        } finally {
            assertTrue("the Seed runs", seed.isAlive());
        }
    }

    private static void aRollBackTurnsWhatGoesOn() throws Exception {
        String id = begin("1.0.3");
        awaitVersions("1.0.2", "1.0.3", "1.0.2");
        Fleet.Result second = fleet.run("push", shop("1.0.4", 200).toString()).failedWith(1);
        assertTrue(second.errors(), second.errors().contains("deployment " + id + " of shop goes on: to 1.0.3"));
        fleet.run("rollout", "pause", id).succeeded();
        fleet.run("rollback", "shop");
        Await.until("it went back", Fleet.DEADLINE, () -> state(id).equals("refused"));
        awaitVersions("1.0.2", "1.0.2", "1.0.2");
        fleet.run("rollout", "resume", id).failedWith(1);
    }

    /** Begins a rollout by the API, as nobody watches it. */
    private static String begin(String version) throws Exception {
        fleet.run("push", shop(version, 200).toString(), "--wave", "nobody,100%")
                .failedWith(1);
        var answer = fleet.post(
                "/v1/apps/shop/deployments",
                java.util.Map.of(
                        "version",
                        version,
                        "rollout",
                        java.util.Map.of("waves", List.of(WAVES.split(",")), "bakeSeconds", 600)));
        assertEquals(answer.body(), 202, answer.statusCode());
        return fleet.api("/v1/rollouts").path("rollouts").get(0).path("id").asText();
    }

    private static String state(String id) throws IOException, InterruptedException {
        return fleet.api("/v1/deployments/" + id).path("rollout").path("state").asText();
    }

    /** An app that says its version, and answers with this status. */
    private static Path shop(String version, int status) {
        return Apps.with("shop", version, """
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    response.setStatus(%d);
                    response.getWriter().print("%s");
                }
                """.formatted(status, version)).build(fleet.root());
    }

    private static String answered(String node) throws IOException, InterruptedException {
        return fleet.get(URI.create(fleet.address(node, "http") + "/shop")).body();
    }

    private static void ask(String node, int times) throws IOException, InterruptedException {
        for (int i = 0; i < times; i++) {
            answered(node);
        }
    }

    private static void awaitVersions(String... versions) {
        Await.until("nodes serve " + List.of(versions), Fleet.DEADLINE, () -> {
            JsonNode nodes = fleet.api("/v1/nodes").path("nodes");
            List<String> served = nodes.valueStream()
                    .map(node -> node.path("units")
                            .valueStream()
                            .filter(unit -> unit.path("unit").asText().equals("shop"))
                            .map(unit -> unit.path("version").asText())
                            .findFirst()
                            .orElse(""))
                    .toList();
            return served.equals(List.of(versions));
        });
    }
}
