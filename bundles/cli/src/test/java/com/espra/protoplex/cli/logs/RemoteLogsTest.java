package com.espra.protoplex.cli.logs;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code logs} and {@code shell} of a node on another machine. */
public class RemoteLogsTest {

    private static final String RECORD = "2026-02-01T12:00:00.004Z WARN  [main] com.example.Shop app=shop - late\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeSeed seed;
    private Path root = Path.of("");
    private final ObjectNode far = JsonTree.object().put("node", "node-7").put("connected", true);

    public RemoteLogsTest() throws IOException {
        seed = new FakeSeed();
    }

    @Before
    public void fleet() throws IOException {
        root = folder.getRoot().toPath();
        Path fleet = seed.fleet(root.resolve(".protoplex"));
        Path log = Files.createDirectories(fleet.resolve("nodes/node-1/log"));
        Files.writeString(log.resolve("node.log"), RECORD.replace("late", "here"));
        ObjectNode nodes = JsonTree.object();
        nodes.putArray("nodes").add(far).addObject().put("node", "node-1").put("connected", true);
        nodes.withArray("nodes").addObject().put("node", "../etc").put("connected", true);
        seed.data.put("/v1/nodes", nodes);
        ObjectNode told = JsonTree.object().put("node", "node-7").put("cursor", "node.log:1:9");
        told.putArray("files")
                .addObject()
                .put("name", "node.log")
                .put("anew", true)
                .put("text", RECORD);
        told.withArray("files")
                .addObject()
                .put("name", "../../outside.log")
                .put("anew", true)
                .put("text", RECORD.replace("late", "outside"));
        seed.data.put("/v1/nodes/node-7/logs", told);
    }

    @After
    public void stop() {
        seed.close();
    }

    private Cli.Result run(int status, String... args) {
        return new Cli(root).run(args).ended(status);
    }

    @Test
    public void theyAreAmongThoseOfThisMachine() {
        String all = run(0, "logs").out();
        assertTrue(all, all.contains("node-1 2026") && all.contains("node-7 2026"));
        assertFalse("only into a folder of our own", all.contains("outside"));
        assertEquals(1, run(0, "logs", "--node", "node-7").out().lines().count());
        assertFalse("who is here is not asked for", seed.requests.contains("GET /v1/nodes/node-1/logs"));
    }

    @Test
    public void withoutASeedThereAreThoseOfThisMachine() {
        seed.close();
        assertTrue(run(0, "logs").out().contains("here"));
        assertTrue(run(2, "logs", "--node", "node-7").err().contains("no node node-7"));
    }

    @Test
    public void anUnknownNodeIsSaid() {
        assertTrue(run(2, "logs", "--node", "node-8").err().contains("no node node-8"));
    }

    @Test
    public void aShellForItsOwnMachineAloneIsNamedWithWhatToSet() {
        far.putObject("addresses").put("shell", "ssh://127.0.0.1:8022");
        assertTrue(run(3, "shell", "node-7", "lb").err().contains("shell.host"));
    }
}
