package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.fleet.owner.RoleReport;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SeedLinkTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<WireNode> nodes = new ArrayList<>();
    private RunningSeed seed;

    @Before
    public void start() throws Exception {
        seed = new RunningSeed(folder.getRoot().toPath(), 2 << 20, 20);
    }

    @After
    public void stop() throws Exception {
        nodes.forEach(WireNode::close);
        seed.close();
    }

    private WireNode join(String name) throws Exception {
        WireNode node = new WireNode(seed, name);
        nodes.add(node);
        Await.until(name + " is connected", () -> connected(name));
        return node;
    }

    private boolean connected(String name) throws Exception {
        for (JsonNode node : seed.json("/v1/nodes").path("nodes")) {
            if (node.path("node").asText().equals(name)) {
                return node.path("connected").asBoolean();
            }
        }
        return false;
    }

    private JsonNode push(String version) throws Exception {
        seed.upload("hello", version);
        HttpResponse<String> begun = seed.deploy("hello", version);
        assertTrue(begun.body(), begun.statusCode() == 202 || begun.statusCode() == 200);
        return seed.events(begun).getLast();
    }

    @Test
    public void aPushReachesEveryNodeAndSaysSo() throws Exception {
        WireNode one = join("node-1");
        WireNode two = join("node-2");
        seed.upload("hello", "1.0.0");
        List<JsonNode> events = seed.events(seed.deploy("hello", "1.0.0"));
        JsonNode end = events.getLast();
        assertEquals(
                end.toString(),
                "hello 1.0.0 serves on 2 of 2 nodes",
                end.path("detail").asText());
        assertTrue(end.path("end").asBoolean());
        assertTrue(
                events.toString(),
                events.stream()
                        .anyMatch(event -> event.path("step").asText().equals("FLIP")
                                && event.path("node").asText().equals("node-1")));
        assertEquals("1.0.0", one.serves("hello"));
        assertEquals("1.0.0", two.serves("hello"));
        Await.until(
                "the routes are told",
                () -> seed.json("/v1/routes").path("routes").size() == 2);
        JsonNode app = seed.json("/v1/status").path("apps").get(0);
        assertEquals(2, app.path("serving").asInt());
    }

    @Test
    public void aNodeThatSaysHowFarItIsWithWhatItOwnsGetsALease() throws Exception {
        try (WireNode node = new WireNode(seed, "node-1")) {
            Await.until("it is told who owns what", () -> !node.owners.isEmpty());
            assertEquals(List.of(), node.owners.getFirst().tables());
            node.say(new LinkFrame.Owning(7, List.of(new RoleReport("app", OwnerTable.LEASED, 0, Set.of(), Set.of()))));
            Await.until("it has a lease", () -> node.leases.stream().anyMatch(lease -> lease.number() == 7));
        }
    }

    @Test
    public void aNodeThatWentIsForgottenWhenSomebodySaysSo() throws Exception {
        WireNode one = join("node-1");
        assertEquals(409, seed.send(seed.request("/v1/nodes/node-1").DELETE()).statusCode());
        one.close();
        Await.until(
                "it is away",
                () -> !seed.json("/v1/nodes")
                        .path("nodes")
                        .get(0)
                        .path("connected")
                        .asBoolean());

        HttpResponse<String> forgotten =
                seed.send(seed.request("/v1/nodes/node-1").DELETE());

        assertEquals(forgotten.body(), 200, forgotten.statusCode());
        assertEquals(0, seed.json("/v1/nodes").path("nodes").size());
        assertEquals(404, seed.send(seed.request("/v1/nodes/node-1").DELETE()).statusCode());
    }

    @Test
    public void aRefusalLeavesTheOldVersionEverywhere() throws Exception {
        WireNode one = join("node-1");
        WireNode two = join("node-2");
        push("1.0.0");
        two.refuses.put("1.0.1", "com.example.hello needs com.example.missing");
        JsonNode end = push("1.0.1");
        assertEquals("refused", end.path("state").asText());
        assertEquals(
                "node-2 refused hello 1.0.1: com.example.hello needs com.example.missing. hello 1.0.0 still serves on 2 of 2 nodes",
                end.path("detail").asText());
        assertEquals("1.0.0", one.serves("hello"));
        assertEquals("1.0.0", two.serves("hello"));
        assertEquals("1.0.0", end.path("nodes").get(0).path("serves").asText());
    }

    @Test
    public void twoPushesAtOnceAndADowngradeAreRefused() throws Exception {
        WireNode node = join("node-1");
        push("1.0.1");
        seed.upload("hello", "1.0.0");
        HttpResponse<String> older = seed.deploy("hello", "1.0.0");
        assertEquals(409, older.statusCode());
        assertTrue(older.body(), older.body().contains("./protoplex rollback hello 1.0.0"));
        node.mute = true;
        seed.upload("hello", "1.0.2");
        HttpResponse<String> first = seed.deploy("hello", "1.0.2");
        assertEquals(first.body(), 202, first.statusCode());
        HttpResponse<String> second = seed.deploy("hello", "1.0.2");
        assertEquals(second.body(), 409, second.statusCode());
        assertEquals(
                RunningSeed.JSON.readTree(first.body()).path("id").asText(),
                RunningSeed.JSON.readTree(second.body()).path("deployment").asText());
        assertTrue(second.body(), second.body().contains("ada@laptop"));
    }

    @Test
    public void aNodeThatWasAwayConverges() throws Exception {
        WireNode one = join("node-1");
        push("1.0.0");
        one.close();
        Await.until("node-1 is away", () -> !connected("node-1"));
        assertEquals(
                "hello 1.0.1 serves on 0 of 0 nodes; it will serve when a node joins",
                push("1.0.1").path("detail").asText());
        WireNode again = join("node-1");
        Await.until(
                "node-1 serves what came while it was away",
                () -> again.serves("hello").equals("1.0.1"));
    }

    @Test
    public void rollBackAndRemovalReachTheNodes() throws Exception {
        WireNode node = join("node-1");
        push("1.0.0");
        push("1.0.1");
        assertEquals(
                "done",
                seed.events(seed.post("/v1/apps/hello/rollback", Map.of()))
                        .getLast()
                        .path("state")
                        .asText());
        assertEquals("1.0.0", node.serves("hello"));
        HttpResponse<String> removed = seed.send(seed.request("/v1/apps/hello").DELETE());
        assertEquals(
                "hello is removed from 1 of 1 nodes",
                seed.events(removed).getLast().path("detail").asText());
        assertEquals("", node.serves("hello"));
    }

    @Test
    public void theSeedRestartsInTheMiddleOfADeployment() throws Exception {
        WireNode one = join("node-1");
        push("1.0.0");
        one.mute = true;
        seed.upload("hello", "1.0.1");
        HttpResponse<String> begun = seed.deploy("hello", "1.0.1");
        seed.close();
        assertTrue(one.closed.get(20, TimeUnit.SECONDS), one.closed.get().startsWith("1001"));
        seed = new RunningSeed(folder.getRoot().toPath(), 2 << 20, 20);
        WireNode back = join("node-1");
        assertEquals(
                "hello 1.0.1 serves on 1 of 1 nodes",
                seed.events(begun).getLast().path("detail").asText());
        assertEquals("1.0.1", back.serves("hello"));
    }

    @Test
    public void aSeedThatLostItsStateHearsItFromItsNodes() throws Exception {
        WireNode node = join("node-1");
        push("1.0.0");
        LinkFrame.Desired told = node.told;
        seed.close();
        Files.delete(folder.getRoot().toPath().resolve("state.json"));
        seed = new RunningSeed(folder.getRoot().toPath(), 2 << 20, 20);

        nodes.add(new WireNode(seed, "node-1", LinkFrame.PROTOCOL, told));

        Await.until(
                "the Seed knows hello again",
                () -> seed.json("/v1/status")
                        .path("apps")
                        .path(0)
                        .path("version")
                        .asText()
                        .equals("1.0.0"));
        assertTrue(seed.json("/v1/status").path("sequence").asLong() > told.sequence());
        WireNode stray = new WireNode(
                seed,
                "stray",
                LinkFrame.PROTOCOL,
                new LinkFrame.Desired("e".repeat(16), 9, 9, Map.of("mine", "m"), ""));
        nodes.add(stray);
        String closed = stray.closed.get(20, TimeUnit.SECONDS);
        assertTrue(closed, closed.startsWith("4004 it belongs to fleet eeee"));
    }

    @Test
    public void anUpgradeReachesItsNodeAndWhatItTellsIsShown() throws Exception {
        WireNode node = join("node-1");
        Await.until(
                "it has told that it is one process",
                () -> !node().path("upgradable").asBoolean());
        JsonNode problem = RunningSeed.JSON.readTree(upgrade("node-1", Map.of("children", true), 409));
        assertTrue(problem.toString(), problem.path("detail").asText().contains("one process"));
        tell(node);
        Await.until("it can be upgraded", () -> node().path("upgradable").asBoolean());

        String id = RunningSeed.JSON
                .readTree(upgrade("node-1", Map.of("children", false, "distribution", "/opt/p/2"), 202))
                .path("id")
                .asText();

        Await.until("it is told", () -> node.upgrades.equals(List.of(new LinkFrame.Upgrade(id, false, "/opt/p/2"))));
        tell(node, new LinkFrame.Upgraded(id, LinkFrame.Upgraded.RUNNING, "", 0));
        Await.until("it runs", () -> shown().path("state").asText().equals("running"));
        upgrade("node-1", Map.of("children", true), 409);
        tell(node, new LinkFrame.Upgraded(id, LinkFrame.Upgraded.FAILED, "no such option", 1.5));
        Await.until("it has failed", () -> shown().path("state").asText().equals("failed"));
        assertEquals(id, shown().path("id").asText());
        assertEquals("no such option", shown().path("reason").asText());
        assertEquals(1.5, shown().path("seconds").asDouble(), 0);

        upgrade("node-1", Map.of("children", true), 202);
        Await.until("it is told again", () -> node.upgrades.size() == 2);
        upgrade("node-9", Map.of("children", true), 404);
        node.close();
        Await.until("it is away", () -> !connected("node-1"));
        upgrade("node-1", Map.of("children", true), 409);
    }

    @Test
    public void anUpgradeSaysWhatItIs() throws Exception {
        join("node-1");
        for (Map<String, ?> body : List.<Map<String, ?>>of(
                Map.of(),
                Map.of("children", "yes"),
                Map.of("children", true, "distribution", 7),
                Map.of("children", true, "distribution", "/opt/\u0000"),
                Map.of("children", true, "distribution", "/" + "x".repeat(4096)))) {
            upgrade("node-1", body, 400);
        }
    }

    private String upgrade(String node, Map<String, ?> body, int status) throws Exception {
        HttpResponse<String> answer = seed.post("/v1/nodes/" + node + "/upgrades", body);
        assertEquals(answer.body(), status, answer.statusCode());
        return answer.body();
    }

    private static void tell(WireNode node, LinkFrame.Upgraded... last) throws Exception {
        node.say(
                new LinkFrame.Actual(0, List.of(), LinkFrame.Health.GOOD, new LinkFrame.Upgrades(true, List.of(last))));
    }

    @Test
    public void aRoleIsShownWithHowItsNodesAre() throws Exception {
        WireNode node = join("node-1");
        assertEquals("healthy", health("app").path("state").asText());

        node.say(new LinkFrame.Actual(
                0,
                List.of(),
                new LinkFrame.Health("DEGRADED", "queue: long", "", 0),
                new LinkFrame.Upgrades(true, List.of())));

        Await.until("it is known", () -> health("app").path("state").asText().equals("degraded"));
        assertEquals("queue: long", health("app").path("reason").asText());
    }

    /** Of the one node that has a role. */
    private JsonNode health(String role) throws Exception {
        return seed.json("/v1/roles")
                .path("roles")
                .valueStream()
                .filter(each -> each.path("role").asText().equals(role))
                .findFirst()
                .orElseThrow()
                .path("nodes")
                .path(0)
                .path("health");
    }

    private JsonNode node() throws Exception {
        return seed.json("/v1/nodes").path("nodes").path(0);
    }

    private JsonNode shown() throws Exception {
        return node().path("upgrades").path(0);
    }

    @Test
    public void whoSpeaksOtherwiseIsTurnedAway() throws Exception {
        WireNode old = new WireNode(seed, "old", LinkFrame.PROTOCOL + 1);
        nodes.add(old);
        String version = old.closed.get(20, TimeUnit.SECONDS);
        assertTrue(version, version.startsWith("4001 this Seed speaks version 1"));
        for (String text : List.of("hello", LinkFrameCodec.write(LinkFrame.Desired.NONE))) {
            WireNode rude = join("rude");
            rude.sayText(text);
            String closed = rude.closed.get(20, TimeUnit.SECONDS);
            assertTrue(closed, closed.startsWith("1002"));
        }
        WireNode large = join("large");
        large.sayText("x".repeat(LinkFrameCodec.MAX_FRAME + 1));
        String closed = large.closed.get(20, TimeUnit.SECONDS);
        assertTrue(closed, closed.startsWith("1009"));
    }

    /** What is wrong is told, in the few bytes that a close has, and without what would command a terminal. */
    @Test
    public void whoSaysWhatNobodyIsCalledIsTurnedAway() throws Exception {
        for (String name : List.of("../x", "\u001b[31mred", "a\nb", "\u00fc".repeat(100), "x".repeat(10_000))) {
            WireNode stranger = new WireNode(seed, name);
            nodes.add(stranger);
            String closed = stranger.closed.get(20, TimeUnit.SECONDS);
            assertTrue(closed, closed.startsWith("1002 '") && closed.contains("is no name of a node"));
            assertTrue(closed, closed.chars().allMatch(c -> c >= ' ' && c <= '~'));
        }
        assertEquals(0, seed.json("/v1/nodes").path("nodes").size());
    }

    @Test
    public void aNewerLinkReplacesTheOlder() throws Exception {
        WireNode older = join("node-1");
        WireNode newer = join("node-1");
        String closed = older.closed.get(20, TimeUnit.SECONDS);
        assertTrue(closed, closed.startsWith("4002"));
        assertEquals(
                "hello 1.0.0 serves on 1 of 1 nodes",
                push("1.0.0").path("detail").asText());
        assertEquals("1.0.0", newer.serves("hello"));
    }
}
