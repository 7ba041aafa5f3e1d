package com.espra.protoplex.cli.logs;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Await;
import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.Cli.Result;
import com.espra.protoplex.cli.local.FleetDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LogsTest {

    private static final String FIRST = "2026-01-31 12:00:00,001 INFO  [main] c.e.p.Main app= - up\n";
    private static final String SECOND =
            "2026-01-31 12:00:00,002 ERROR [http-1] c.e.hello.App app=hello - no Database\n"
                    + "java.io.IOException: refused\n\tat com.example.App.init(App.java:7)\n";
    private static final String THIRD = "2026-01-31 12:00:00,003 WARN  [http-1] c.e.shop.App app=shop - slow\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root = Path.of("");
    private FleetDir dir = new FleetDir(root);

    @Before
    public void logs() throws IOException {
        root = folder.getRoot().toPath();
        dir = new FleetDir(root.resolve(".protoplex"));
        append("node-1", FIRST + THIRD);
        append("node-2", SECOND);
        Files.writeString(dir.fleetFile(), "{}");
    }

    @Test
    public void allNodesInTheOrderOfTime() {
        List<String> lines = run().out().lines().toList();

        assertEquals(5, lines.size());
        assertTrue(lines.get(0), lines.get(0).startsWith("node-1 2026-01-31 12:00:00,001"));
        assertTrue(lines.get(1), lines.get(1).startsWith("node-2 2026-01-31 12:00:00,002"));
        assertTrue(lines.get(3), lines.get(3).contains("App.java:7"));
        assertTrue(lines.get(4), lines.get(4).startsWith("node-1 2026-01-31 12:00:00,003"));
    }

    @Test
    public void filters() {
        assertEquals(3, run("--level", "error").out().lines().count());
        assertEquals(4, run("--level", "WARN").out().lines().count());
        assertEquals(1, run("--app", "shop").out().lines().count());
        assertEquals(2, run("--node", "node-1").out().lines().count());
        assertEquals(3, run("--grep", "database").out().lines().count());
        assertEquals(
                "a stack trace belongs to its record",
                3,
                run("--grep", "App.java:7").out().lines().count());
        assertEquals(1, run("--lines", "1").out().lines().count());
        assertTrue(run("--json", "--app", "hello").out().startsWith("{\"node\":\"node-2\""));
    }

    @Test
    public void aRecordIsGivenInParts() throws Exception {
        append(
                "node-1",
                "2026-02-01T12:00:00.004Z WARN  [http-public] com.example.Shop app=shop generation=2 request=4f - late - app=x\n"
                        + "\tat com.example.Shop.buy(Shop.java:7)\n");
        String json = run("--json", "--grep", "late").out();
        for (String member : List.of(
                "\"time\":\"2026-02-01T12:00:00.004Z\"",
                "\"level\":\"WARN\"",
                "\"logger\":\"com.example.Shop\"",
                "\"thread\":\"http-public\"",
                "\"app\":\"shop\"",
                "\"generation\":\"2\"",
                "\"request\":\"4f\"",
                "\"message\":\"late - app=x\\n\\tat com.example.Shop.buy(Shop.java:7)\"")) {
            assertTrue(json, json.contains(member));
        }
    }

    @Test
    public void whatWasPrintedIsShownAndRequestsWhereTheyAreAskedFor() throws Exception {
        Path folder = dir.node("node-1").resolve("log");
        Files.writeString(folder.resolve("console.log"), "OpenJDK 64-Bit Server VM warning\n");
        Files.writeString(
                folder.resolve("access.log"),
                "2026-01-31T12:00:00.005Z 127.0.0.1 \"GET /buy HTTP/1.1\" 200 5 12us 4f shop@shop-3 \"curl/8\"\n");
        assertTrue(run().out().contains("VM warning"));
        assertFalse(run().out().contains("/buy"));
        String shop = run("--access", "--app", "shop").out();
        assertEquals(shop, 2, shop.lines().count());
        assertTrue(shop, shop.contains("GET /buy"));
        String json = run("--access", "--grep", "/buy", "--json").out();
        assertTrue(json, json.contains("\"generation\":\"3\"") && json.contains("\"request\":\"4f\""));
    }

    @Test
    public void anAppThatNobodyHasHeardOfIsSaid() {
        assertTrue(new Cli(root).run("logs", "--app", "shpo").ended(2).err().contains("hello, shop"));
    }

    @Test
    public void usage() {
        new Cli(root).run("logs", "--level", "LOUD").ended(2);
        assertTrue(new Cli(root).run("logs", "--node", "node-9").ended(2).err().contains("node-1, node-2"));
    }

    @Test
    public void followsThroughARotation() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        LogFilter all = new LogFilter(Optional.empty(), Optional.empty(), Optional.empty());
        try (FleetLogs logs = new FleetLogs(dir, List.of("node-1"), false, all)) {
            logs.read();
            Thread follower = Thread.ofVirtual().start(() -> follow(logs, seen));
            append("node-1", "2026-01-31 12:00:01,001 INFO  [main] a app= - one\n");
            Await.until("the first record", () -> seen.size() == 1);
            Path log = dir.node("node-1").resolve("log/node.log");
            append("node-1", "2026-01-31 12:00:01,002 INFO  [main] a app= - two\n");
            Files.move(log, log.resolveSibling("node.log.1"));
            append("node-1", "2026-01-31 12:00:01,003 INFO  [main] a app= - three\n");
            Await.until("all records", () -> seen.size() == 3);
            follower.interrupt();
            follower.join();
        }
        assertTrue(seen.toString(), seen.get(1).endsWith("two"));
        assertTrue(seen.toString(), seen.get(2).endsWith("three"));
    }

    private static void follow(FleetLogs logs, List<String> seen) {
        try {
            logs.follow(record -> seen.add(record.text()));
        } catch (IOException e) {
            seen.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(String node, String text) throws IOException {
        Path log = Files.createDirectories(dir.node(node).resolve("log")).resolve("node.log");
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Result run(String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "logs";
        System.arraycopy(options, 0, args, 1, options.length);
        return new Cli(root).run(args).ended(0);
    }

    /** Whoever can print, or ask for a path, can write there. */
    @Test
    public void whatWasPrintedOrAskedForCannotCommandTheTerminal() throws Exception {
        Path folder = dir.node("node-1").resolve("log");
        Files.writeString(folder.resolve("console.log"), "printed \u001b]0;owned\u0007 \u009b2J\r over\n");
        Files.writeString(
                folder.resolve("access.log"),
                "2026-01-31T12:00:00.005Z 127.0.0.1 \"GET /\u001b[2J HTTP/1.1\" 200 5 12us 4f shop@shop-3 \"\u009b31m\"\n");
        for (List<String> options : List.of(List.<String>of(), List.of("--access"))) {
            String out = run(options.toArray(String[]::new)).out();
            assertTrue(out, out.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'));
            assertTrue(out, out.contains("\\u001b"));
        }
        assertTrue(run().out(), run().out().contains("printed \\u001b]0;owned\\u0007"));
        assertTrue(run("--access").out().contains("GET /\\u001b[2J"));
        String json = run("--access", "--json").out();
        assertTrue(json, json.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'));
    }

    @Test
    public void whatAnAppWroteCannotCommandTheTerminal() throws Exception {
        append("node-1", "2026-01-31 12:00:01,001 INFO  [main] a app=hello - \u001b[2Jgone\n");
        assertTrue(run("--app", "hello").out().contains("\\u001b[2Jgone"));
        assertFalse(run("--app", "hello").out().contains("\u001b"));
        new Cli(root).run("logs", "-n", "-1").ended(2);
    }
}
