package com.espra.protoplex.cli.logs;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /** As a node of any version tells its log: 64 KiB at a time, at first its end. */
    private static JsonNode told(String log, String query) {
        int piece = 64 << 10;
        Matcher known = Pattern.compile("cursor=node.log:1:([0-9]+)").matcher(query);
        boolean anew = !known.find();
        int from = anew ? log.indexOf('\n', Math.max(0, log.length() - piece)) + 1 : Integer.parseInt(known.group(1));
        int end = Math.min(log.length(), from + piece);
        int to = log.lastIndexOf('\n', end - 1) + 1;
        ObjectNode told = JsonTree.object().put("node", "node-7").put("cursor", "node.log:1:" + to);
        told.putArray("files");
        if (to > from) {
            told.withArray("files")
                    .addObject()
                    .put("name", "node.log")
                    .put("anew", anew)
                    .put("text", log.substring(from, to));
        }
        return told;
    }

    @Test
    public void asManyRecordsAreShownAsAreWanted() {
        int all = 40_000;
        String log = IntStream.range(0, all)
                .mapToObj(i -> RECORD.replace("late", "record " + i))
                .collect(Collectors.joining());
        seed.asked.put("/v1/nodes/node-7/logs", query -> told(log, query));
        for (int lines : List.of(5, 5_000, 20_000)) {
            List<String> shown = run(0, "logs", "--node", "node-7", "--lines", "" + lines)
                    .out()
                    .lines()
                    .toList();
            assertEquals(lines, shown.size());
            assertTrue(shown.getFirst(), shown.getFirst().endsWith("record " + (all - lines)));
            assertTrue(shown.getLast(), shown.getLast().endsWith("record " + (all - 1)));
        }
        assertEquals(
                all,
                run(0, "logs", "--node", "node-7", "--lines", "0").out().lines().count());
        assertEquals(
                1,
                run(0, "logs", "--node", "node-7", "--grep", "record 7777")
                        .out()
                        .lines()
                        .count());
    }

    /** Of a version to come. */
    @Test
    public void aCursorThatNobodyUnderstandsIsTheEndOfIt() {
        seed.data.put(
                "/v1/nodes/node-7/logs",
                ((ObjectNode) seed.data.get("/v1/nodes/node-7/logs").deepCopy()).put("cursor", "~9"));
        assertEquals(
                1,
                run(0, "logs", "--node", "node-7", "--lines", "0").out().lines().count());
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
