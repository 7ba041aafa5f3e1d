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
