package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli.Result;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code upgrade}, on a Seed whose nodes are as good as upgraded already. */
public class UpgradeTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeSeed seed;
    private final ObjectNode nodes = JsonTree.object();
    private Path root = Path.of("");

    public UpgradeTest() throws IOException {
        seed = new FakeSeed();
    }

    @Before
    public void fleet() throws IOException {
        root = folder.getRoot().toPath();
        Path dir = seed.fleet(root.resolve(".protoplex"));
        Files.createDirectories(dir.resolve("nodes/node-1"));
        nodes.putArray("nodes");
        seed.data.put("/v1/nodes", nodes);
        node("node-1", true, "done", "");
        node("node-2", false, "done", "");
        node("node-3", true, "done", "");
    }

    @After
    public void stop() {
        seed.close();
    }

    private void node(String name, boolean connected, String state, String reason) {
        ObjectNode node = nodes.withArray("nodes").addObject().put("node", name).put("connected", connected);
        node.putArray("upgrades")
                .addObject()
                .put("id", "7")
                .put("state", state)
                .put("reason", reason)
                .put("seconds", 2.54);
    }

    private Cli cli() {
        return new Cli(root).distribution(root.resolve("opt/protoplex"));
    }

    private String posted(String node) {
        return String.valueOf(seed.posted.get("/v1/nodes/" + node + "/upgrades"));
    }

    @Test
    public void allThatAreConnectedOneAfterTheOther() {
        Result all = cli().run("upgrade").ended(0);
        assertEquals(
                "node-1: new processes start beside the old ones\nnode-1: new processes serve, after 2.5 s\n"
                        + "node-3: new processes start beside the old ones\nnode-3: new processes serve, after 2.5 s\n",
                all.out());
        assertEquals("null", posted("node-2"));
    }

    /** A node of another machine has other folders. */
    @Test
    public void onlyNodesOfThisMachineAreToldOfItsDistribution() {
        cli().run("upgrade").ended(0);
        assertEquals(
                "{\"children\":false,\"distribution\":\"" + root.resolve("opt/protoplex") + "\"}", posted("node-1"));
        assertEquals("{\"children\":false}", posted("node-3"));
    }

    @Test
    public void theChildrenOfOneNode() {
        Result one = cli().run("upgrade", "node-1", "--children").ended(0);
        assertTrue(one.toString(), one.out().endsWith("node-1: new children serve, after 2.5 s\n"));
        assertTrue(posted("node-1"), posted("node-1").startsWith("{\"children\":true"));
        assertEquals("null", posted("node-3"));
    }

    private static ObjectNode rollout(String state, String detail) {
        ObjectNode deployment = JsonTree.object()
                .put("id", "7")
                .put("app", "protoplex")
                .put("ended", state.equals("moving") ? "" : "2026-01-01T00:00:00Z")
                .put("state", state)
                .put("detail", detail)
                .put("remedy", "mend it");
        ObjectNode rollout = deployment.putObject("rollout").put("state", state).put("wave", 1);
        rollout.putArray("waves").add("canary").add("100%");
        deployment
                .putArray("nodes")
                .addObject()
                .put("node", "node-1")
                .put("state", state.equals("done") ? "done" : "refused")
                .put("reason", "no such option");
        return deployment;
    }

    /** The Seed goes on with it, whoever watches. */
    @Test
    public void inWavesItIsARolloutOfTheSeed() {
        seed.data.put("/v1/rollouts", JsonTree.object());
        seed.data.put("/v1/deployments/7", rollout("done", "new processes serve on 2 of 2 nodes"));
        Result done =
                cli().run("upgrade", "--wave", "canary,100%", "--bake", "5m").ended(0);
        assertTrue(done.toString(), done.out().contains("rollout show 7"));
        assertTrue(done.toString(), done.out().contains("node-1: new processes serve\n"));
        String asked = String.valueOf(seed.posted.get("/v1/upgrades"));
        assertTrue(asked, asked.contains("\"distributions\":{\"node-1\":\"" + root.resolve("opt/protoplex") + "\"}"));
        assertTrue(asked, asked.contains("\"rollout\":{\"waves\":[\"canary\",\"100%\"],\"bakeSeconds\":300}"));
        assertEquals("nobody is told by the command", "null", posted("node-1"));

        seed.data.put("/v1/deployments/7", rollout("refused", "node-1 was not upgraded"));
        Result refused = cli().run("upgrade", "--wave", "canary,100%").ended(1);
        assertTrue(refused.toString(), refused.err().contains("node-1 was not upgraded"));
        assertTrue(refused.toString(), refused.err().contains("no such option"));
    }

    @Test
    public void wavesAreOfAllAndOfASeedThatKnowsThem() {
        assertTrue(cli().run("upgrade", "--wave", "100%").ended(1).err().contains("without waves"));
        seed.data.put("/v1/rollouts", JsonTree.object());
        cli().run("upgrade", "node-1", "--wave", "100%").ended(2);
        cli().run("upgrade", "--bake", "5m").ended(2);
        seed.problems.put("/v1/upgrades", FakeSeed.problem(404, "there is nothing here", ""));
        assertTrue(cli().run("upgrade", "--wave", "100%").ended(1).err().contains("upgrades no nodes in waves"));
    }

    @Test
    public void aNodeThatNobodyKnowsIsUsage() {
        Result unknown = cli().run("upgrade", "node-9").ended(2);
        assertTrue(unknown.toString(), unknown.err().contains("node-1, node-2, node-3"));
    }

    @Test
    public void whatTheSeedRefusesIsSaid() {
        seed.problems.put("/v1/nodes/node-2/upgrades", FakeSeed.problem(409, "node-2 is not connected", "start it"));
        Result away = cli().run("upgrade", "node-2").ended(1);
        assertTrue(
                away.toString(),
                away.err().contains("node-2 is not connected") && away.err().contains("start it"));
    }

    @Test
    public void whatFailsIsSaidAndEndsIt() {
        nodes.withArray("nodes").removeAll();
        node("node-1", true, "failed", "no such option");
        node("node-3", true, "done", "");
        Result failed = cli().run("upgrade").ended(1);
        assertTrue(failed.toString(), failed.err().contains("node-1 was not upgraded: no such option"));
        assertTrue(failed.toString(), failed.err().contains("serve on"));
        assertEquals("null", posted("node-3"));
    }

    @Test
    public void whereNothingIsConnectedNothingIsUpgraded() {
        nodes.withArray("nodes").removeAll();
        assertTrue(cli().run("upgrade").ended(1).err().contains("no node is connected"));
        seed.close();
        cli().run("upgrade").ended(3);
    }

    @Test
    public void aNodeThatIsBeingUpgradedIsShownSo() {
        node("node-4", true, "running", "");
        String table = cli().run("nodes").ended(0).out();
        assertTrue(table, table.matches("(?s).*node-1 +connected.*node-4 +upgrading.*"));
    }
}
