package com.espra.protoplex.test.command;

import static com.espra.protoplex.test.command.Fleet.DISTRIBUTION;
import static com.espra.protoplex.test.command.TwoChildren.NODE;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Processes are replaced while they serve: the children of a node, and their parent; by the command, over the Seed's API, by the shell. */
public class UpgradeIT {

    private static final long MANY = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ClassRule
    public static final TwoChildren node = new TwoChildren();

    private final Fleet fleet = node.fleet;

    @Before
    public void up() throws Exception {
        // That one that stands by is replaced with the others is for SupervisorTest: here it would be a process more
        // each time.
        node.withoutStandby();
        node.up();
    }

    @After
    public void theNodeIsWhole() throws Exception {
        node.assertServes();
    }

    @Test
    public void newChildrenWithNewJvmOptionsServeAllClientsAndASecondUpgradeMeanwhileIsRefused() throws Exception {
        Set<Long> before = node.serving();
        long parent = fleet.pid(NODE);
        fleet.configure(
                NODE, json -> json.withObjectProperty("jvm").putArray("options").add("-Dprobe=yes"));
        try (Visitors visitors = node.visitors();
                Http2Load load = new Http2Load(URI.create("https://localhost:" + fleet.port(8443) + "/hello"))) {
            Process shell = fleet.start("shell", NODE, "node:upgrade", "--children", "'" + DISTRIBUTION + "'");
            Await.until(
                    "a new child starts",
                    Fleet.DEADLINE,
                    () -> !fleet.children(NODE, "STARTING").isEmpty());
            Fleet.Result second = fleet.run("upgrade", "--children").failedWith(1);
            assertTrue(second.toString(), second.errors().contains("under way"));
            assertTrue("it ends", shell.waitFor(2 * Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            String said = fleet.result(shell).succeeded().output();
            assertTrue(said, said.contains("new children serve"));
            Await.until("the Seed hears of it", Fleet.DEADLINE, () -> {
                JsonNode last = upgrades().path(0);
                return last.path("id").asText().isEmpty()
                        && last.path("state").asText().equals("done");
            });
            node.awaitServing();
            visitors.awaitMore(node.hello());
            node.push();
            try {
                Await.until("the new version answers", Fleet.DEADLINE, () -> load.answers(node.hello()) > MANY);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + ": " + load, e);
            }
            load.close();
            visitors.close();
            load.assertNothingFailed();
            visitors.assertNothingFailed();
        }
        assertEquals("the parent stayed", parent, fleet.pid(NODE));
        Set<Long> after = node.serving();
        assertEquals(2, after.size());
        assertTrue("none of " + before + " in " + after, after.stream().noneMatch(before::contains));
        for (long child : after) {
            assertTrue(Fleet.commandLine(child).contains("-Dprobe=yes"));
        }
    }

    @Test
    public void anotherParentTakesOverWithoutALostRequest() throws Exception {
        Set<Long> before = node.serving();
        long parent = fleet.pid(NODE);
        try (Visitors visitors = node.visitors()) {
            Fleet.Result upgrade = fleet.run("upgrade").succeeded();
            assertTrue(upgrade.toString(), upgrade.output().contains("new processes serve"));
            visitors.awaitMore(node.hello());
            Await.until(
                    "the old processes are gone",
                    Fleet.DEADLINE,
                    () -> !Fleet.isRunning(parent) && before.stream().noneMatch(Fleet::isRunning));
            visitors.awaitMore(node.hello());
            visitors.close();
            visitors.assertNothingFailed();
        }
        assertNotEquals(parent, fleet.pid(NODE));
        assertEquals("done", upgrades().path(0).path("state").asText());
        node.push();
    }

    @Test
    public void anUpgradeWhoseSuccessorCannotStartIsToldByTheParentThatGoesOn() throws Exception {
        long parent = fleet.pid(NODE);
        try (OtherDistribution broken = OtherDistribution.withoutAHost();
                Visitors visitors = node.visitors()) {
            String id = upgrade(false, broken.folder());
            JsonNode failed = awaitEnd(id);
            assertEquals(failed.toString(), "failed", failed.path("state").asText());
            assertTrue(failed.toString(), failed.path("reason").asText().contains("before it served"));
            assertEquals(parent, fleet.pid(NODE));
            node.awaitServing();
            visitors.awaitMore(node.hello());
            visitors.close();
            visitors.assertNothingFailed();
        }
        node.push();
    }

    @Test
    public void anUpgradeWhoseParentIsKilledIsDoneByTheSuccessorAlone() throws Exception {
        long parent = fleet.pid(NODE);
        String id = upgrade(false, DISTRIBUTION);
        Await.until(
                "a successor starts",
                Fleet.DEADLINE,
                () -> ProcessHandle.of(parent).stream()
                        .flatMap(ProcessHandle::children)
                        .map(child -> Fleet.commandLine(child.pid()))
                        .anyMatch(line -> line.contains("--data") && !line.contains("--child")));

        fleet.kill(NODE);

        assertEquals("done", awaitEnd(id).path("state").asText());
        assertNotEquals(parent, fleet.pid(NODE));
        node.awaitServing();
    }

    @Test
    public void anUpgradeToWhatLiesElsewhereIsRefusedByTheNode() throws Exception {
        Set<Long> before = node.serving();
        Path elsewhere = Files.createDirectories(fleet.root().resolve("elsewhere/features"));
        JsonNode failed = awaitEnd(upgrade(true, elsewhere.getParent()));
        assertEquals("failed", failed.path("state").asText());
        assertTrue(failed.toString(), failed.path("reason").asText().contains("no folder beside"));
        assertEquals(before, node.serving());
    }

    @Test
    public void anUpgradeThatCannotStartChangesNothing() throws Exception {
        Set<Long> before = node.serving();
        fleet.configure(
                NODE, json -> json.withObjectProperty("jvm").putArray("options").add("-XX:NoSuchOption"));
        try (Visitors visitors = node.visitors()) {
            Fleet.Result children = fleet.run("upgrade", "--children").failedWith(1);
            assertTrue(children.toString(), children.errors().contains("serve on"));
            assertEquals(before, node.serving());
            visitors.close();
            visitors.assertNothingFailed();
        } finally {
            fleet.configure(NODE, json -> json.remove("jvm"));
        }
    }

    /** The node's upgrades, as it told the Seed; none while the Seed is away. */
    private JsonNode upgrades() {
        try {
            return fleet.api("/v1/nodes").path("nodes").path(0).path("upgrades");
        } catch (IOException | AssertionError e) {
            return JSON.createArrayNode();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode awaitEnd(String id) {
        Await.until("upgrade " + id + " has ended", Fleet.DEADLINE.multipliedBy(2), () -> ended(id) != null);
        JsonNode ended = ended(id);
        assertTrue("it is still told of", ended != null);
        return ended;
    }

    private JsonNode ended(String id) {
        for (JsonNode each : upgrades()) {
            if (each.path("id").asText().equals(id)
                    && !each.path("state").asText().equals("running")) {
                return each;
            }
        }
        return null;
    }

    private String upgrade(boolean children, Path distribution) throws IOException, InterruptedException {
        HttpResponse<String> answer = fleet.post(
                "/v1/nodes/" + NODE + "/upgrades",
                Map.of("children", children, "distribution", distribution.toString()));
        assertEquals(answer.body(), 202, answer.statusCode());
        return JSON.readTree(answer.body()).path("id").asText();
    }
}
