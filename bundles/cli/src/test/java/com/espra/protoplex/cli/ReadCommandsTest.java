package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli.Result;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code status}, {@code nodes}, {@code builds}, {@code routes}; and what holds for every command. */
public class ReadCommandsTest {

    private static final Map<String, String> DATA = Map.of("status", """
        {"version":"0.1","since":"2026-01-01T00:00:00Z","sequence":3,"nodes":2,"connected":1,"deploying":[],
         "apps":[{"app":"hello","version":"1.0.1","digest":"","previous":"1.0.0","serving":1,"nodes":1,"deploying":""}]}
        """, "nodes", """
        {"nodes":[{"node":"node-1","region":"local","roles":["seed","app"],"connected":true,"since":"2026-01-01T00:00:00Z",
         "pid":42,"version":"0.1","addresses":{"http":"http://localhost:8080"},"sequence":3,
         "units":[{"unit":"hello","version":"1.0.1","digest":"","routes":["/hello"],"inFlight":0}]}]}
        """, "builds", """
        {"builds":[{"digest":"0123456789abcdef","unit":"hello","version":"1.0.1","created":"2026-01-01T00:00:00Z",
         "author":"aa","files":1,"bytes":2500,"state":"serving"}]}
        """, "routes", """
        {"routes":[{"route":"/hello","app":"hello","version":"1.0.1","node":"node-1","address":"http://localhost:8080"}]}
        """);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeSeed seed;
    private Path root = Path.of("");

    public ReadCommandsTest() throws IOException {
        seed = new FakeSeed();
    }

    @Before
    public void fleet() throws IOException {
        root = folder.getRoot().toPath();
        seed.fleet(root.resolve(".protoplex"));
        for (Map.Entry<String, String> entry : DATA.entrySet()) {
            seed.data.put("/v1/" + entry.getKey(), json(entry.getValue()));
        }
    }

    @After
    public void stop() {
        seed.close();
    }

    @Test
    public void jsonIsWhatTheSeedSays() throws IOException {
        for (String command : DATA.keySet()) {
            assertEquals(
                    seed.data.get("/v1/" + command),
                    json(cli().run(command, "--json").ended(0).out()));
        }
    }

    @Test
    public void rolesAreWhoDoesWhatSinceWhenAndHowItIs() throws IOException {
        seed.data.put("/v1/roles", json("""
                {"roles":[{"role":"app","kind":"kernel","version":"","nodes":[
                   {"node":"node-1","connected":true,"since":"2026-01-01T00:00:00Z","version":"0.1","problem":"",
                    "health":{"state":"healthy","reason":""}},
                   {"node":"node-9","connected":true,"since":"2026-01-01T00:00:00Z","version":"0.1","problem":""}]},
                  {"role":"echo","kind":"unit","version":"1.2.0","nodes":[
                   {"node":"node-1","connected":true,"since":"%1$s","version":"1.2.0","problem":"",
                    "health":{"state":"degraded","reason":"queue: long"}},
                   {"node":"node-2","connected":false,"since":"%1$s","version":"1.2.0","problem":"",
                    "health":{"state":"healthy","reason":""}},
                   {"node":"node-3","connected":true,"since":"%1$s","version":"1.1.0","problem":"no folder",
                    "health":{"state":"unhealthy","reason":"disk: full"}},
                   {"node":"node-4","connected":true,"since":"%1$s","version":"","problem":"",
                    "health":{"state":"healthy","reason":""}}]},
                  {"role":"mail","kind":"unit","version":"2.0.0","nodes":[]}]}
                """.formatted(Instant.now().minusSeconds(3 * 3600))));

        String table = cli().run("roles").ended(0).out();

        for (String row : List.of(
                "ROLE +VERSION +KIND +NODE +WANTED SINCE +STATE +HEALTH",
                "app +0\\.1 +kernel +node-1 +- +serves +healthy",
                "app +0\\.1 +kernel +node-9 +- +serves +-",
                "echo +1\\.2\\.0 +unit +node-1 +3 h.* +serves +degraded",
                "echo +1\\.2\\.0 +unit +node-2 +3 h.* +away +-",
                "echo +1\\.1\\.0 +unit +node-3 +3 h.* +refused: no folder +unhealthy",
                "echo +1\\.2\\.0 +unit +node-4 +3 h.* +on its way +healthy",
                "mail +2\\.0\\.0 +unit +- +- +on no node +-")) {
            assertTrue(
                    row + " in\n" + table,
                    table.lines().anyMatch(line -> line.strip().matches(row)));
        }
    }

    @Test
    public void tablesAreForPeople() {
        String status = cli().run("status").ended(0).out();
        assertTrue(status, status.contains("1 of 2 nodes connected"));
        assertTrue(status, status.matches("(?s).*hello +1\\.0\\.1 +1 of 1 nodes +1\\.0\\.0.*"));
        String nodes = cli().run("nodes").ended(0).out();
        assertTrue(
                nodes,
                nodes.matches("(?s).*node-1 +connected.*seed,app +42 +hello 1\\.0\\.1 +http://localhost:8080.*"));
        String builds = cli().run("builds").ended(0).out();
        assertTrue(builds, builds.matches("(?s).*hello +1\\.0\\.1 +serving.*2\\.5 kB.*0123456789ab.*"));
        String routes = cli().run("routes").ended(0).out();
        assertTrue(routes, routes.matches("(?s).*/hello +hello +1\\.0\\.1 +node-1 +http://localhost:8080.*"));
    }

    @Test
    public void aNodeIsForgottenBeforeTheRestIsShown() {
        String rest = cli().run("nodes", "--forget", "node-3").ended(0).out();
        assertTrue(rest, rest.contains("node-1"));
        assertEquals(List.of("DELETE /v1/nodes/node-3", "GET /v1/nodes"), seed.requests);
        cli().run("nodes", "--forget", "../apps/hello").ended(2);
    }

    @Test
    public void coloursAreForTerminals() {
        assertFalse(cli().run("status").out().contains("\u001b["));
        assertTrue(cli().terminal().run("status").out().contains("\u001b["));
    }

    @Test
    public void everyCommandHasHelpWithExamples() {
        for (String command : Commands.full(cli().environment(new java.io.StringWriter(), new java.io.StringWriter()))
                .getSubcommands()
                .keySet()) {
            if (!command.equals("help")) {
                Result help = cli().run(command, "--help").ended(0);
                assertTrue(help.toString(), help.out().contains("protoplex " + command));
                assertTrue(help.toString(), help.out().contains("Examples:"));
            }
        }
    }

    @Test
    public void withoutACommandThereIsHelp() {
        assertTrue(cli().run().ended(0).out().contains("Commands:"));
        assertTrue(cli().run("help", "push").ended(0).out().contains("protoplex push"));
        assertTrue(cli().run("completion").ended(0).out().contains("rollback"));
    }

    @Test
    public void whatIsNotKnownIsUsage() {
        Result unknown = cli().run("stauts").ended(2);
        assertTrue(unknown.toString(), unknown.err().contains("status"));
        cli().run("status", "--nonsense").ended(2);
        cli().run("status", "word").ended(2);
    }

    @Test
    public void noFleetAndNoSeedAreUnreachable() {
        assertTrue(new Cli(Path.of("/")).run("status").ended(3).err().contains("protoplex up"));
        seed.close();
        Result away = cli().run("status").ended(3);
        assertTrue(away.toString(), away.err().contains(seed.address()));
        assertTrue(away.toString(), away.err().contains("protoplex up"));
    }

    @Test
    public void aStackTraceIsOnlyForThoseWhoAsk() {
        seed.close();
        assertFalse(cli().run("status").err().contains("\tat "));
        assertTrue(cli().with("PROTOPLEX_DEBUG", "1").run("status").err().contains("\tat "));
    }

    private Cli cli() {
        return new Cli(root);
    }

    private static JsonNode json(String text) throws IOException {
        return JsonTree.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void whatStrangersWroteCannotCommandTheTerminal() throws IOException {
        seed.data.put("/v1/nodes", json("""
                {"nodes":[{"node":"\\u001b]0;owned\\u0007","region":"local","roles":["a\\nb"],"connected":true,
                 "since":"2026-01-01T00:00:00Z","pid":42,"version":"0.1","addresses":{"http":"\\u009b2J"},"units":[]}]}
                """));
        for (Cli cli : List.of(cli(), cli().terminal())) {
            Result nodes = cli.run("nodes").ended(0);
            String text = nodes.out().replace("\u001b[2m", "").replace("\u001b[0m", "");
            assertTrue(nodes.toString(), text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'));
            assertTrue(nodes.toString(), text.contains("\\u001b]0;owned\\u0007"));
            assertEquals("a row is a line", 2, text.lines().count());
        }
    }

    @Test
    public void aTableFitsANarrowTerminal() {
        for (String command : List.of("status", "nodes", "builds", "routes")) {
            String out = cli().columns(72).run(command).ended(0).out();
            assertTrue(out, out.lines().allMatch(line -> line.length() <= 72));
        }
        assertTrue(cli().columns(60).run("--help").ended(0).out().lines().allMatch(line -> line.length() <= 80));
    }

    @Test
    public void releasesAreWhoWhenWhatAndHowItEnded() throws IOException {
        seed.data.put("/v1/apps/hello/deployments", json("""
                {"deployments":[{"id":"7","app":"hello","kind":"push","version":"1.0.1","previousVersion":"1.0.0","by":"ada@laptop",
                 "begun":"2026-01-01T00:00:00Z","ended":"2026-01-01T00:00:01Z","state":"done",
                 "detail":"hello 1.0.1 serves on 1 of 1 nodes","nodes":[]}]}
                """));
        String out = cli().run("releases", "hello").ended(0).out();
        assertTrue(
                out, out.matches("(?s).*7 .*ada@laptop +push +1\\.0\\.1 +1\\.0\\.0 +done +hello 1\\.0\\.1 serves.*"));
        cli().run("releases", "none").ended(1);
    }

    @Test
    public void statusNamesWhoIsAwayAndWhatWasDamaged() throws IOException {
        seed.data.put("/v1/status", json("""
                {"version":"0.1","since":"2026-01-01T00:00:00Z","nodes":3,"connected":1,"away":["node-2","node-3"],
                 "warnings":["state.json was damaged"],"apps":[],"deploying":[],"health":[]}
                """));
        String out = cli().run("status").ended(0).out();
        assertTrue(out, out.contains("away: node-2, node-3"));
        assertTrue(out, out.contains("state.json was damaged"));
    }

    private static final String ROLLOUT = """
            {"id":"7","app":"shop","kind":"push","version":"2.0.0","previousVersion":"1.0.0","begun":"2026-01-01T00:00:00Z",
             "state":"moving","detail":"","nodes":[{"node":"node-1","state":"done","serves":"2.0.0","reason":""},
             {"node":"node-2","state":"waiting","serves":"1.0.0","reason":""}],
             "rollout":{"state":"held","waves":["canary","100%"],"wave":1,"told":1,"bakeSeconds":300,"maxUnavailable":"2",
             "bakesUntil":"2026-01-01T00:05:00Z","deadline":"","gate":true,"word":"inconclusive: 5 requests"}}
            """;

    @Test
    public void rolloutsAreShownAndOperated() throws Exception {
        seed.data.put("/v1/rollouts", json("{\"rollouts\":[" + ROLLOUT + "]}"));
        seed.data.put("/v1/deployments/7", json(ROLLOUT));
        String list = cli().run("rollout", "list").ended(0).out();
        assertTrue(list, list.contains("held") && list.contains("1/2 canary") && list.contains("1/2 "));
        String show = cli().run("rollout", "show", "7").ended(0).out();
        assertTrue(show, show.contains("shop 1.0.0 -> 2.0.0, held"));
        assertTrue(show, show.contains("inconclusive: 5 requests"));
        cli().run("rollout", "promote", "7").ended(0);
        assertTrue(seed.requests.toString(), seed.requests.contains("POST /v1/deployments/7/promote"));
        cli().run("rollout", "pause").ended(2);
        cli().run("rollout", "stop", "7").ended(2);
        cli().run("rollout", "pause", "../apps").ended(2);
    }

    @Test
    public void aDeploymentIsGivenUp() {
        seed.streams.add(List.of(FakeSeed.end("refused", "hello 1.0.1 was given up by ada", "")));
        Result abort = cli().run("deployment", "abort", "7").ended(0);
        assertTrue(abort.toString(), abort.out().contains("given up by ada"));
        assertTrue(seed.requests.toString(), seed.requests.contains("POST /v1/deployments/7/abort"));
        cli().run("deployment", "pause", "7").ended(2);
        cli().run("deployment", "abort", "../apps").ended(2);
    }

    @Test
    public void buildsThatNobodyNeedsGo() {
        cli().run("builds", "--purge").ended(0);
        assertEquals(List.of("DELETE /v1/builds", "GET /v1/builds"), seed.requests);
    }

    @Test
    public void whatIsMistypedIsGuessed() {
        Result status = cli().run("statsu").ended(2);
        assertTrue(status.toString(), status.err().contains("status"));
        Result option = cli().run("logs", "--folow").ended(2);
        assertTrue(option.toString(), option.err().contains("--follow"));
        Result push = cli().run("psuh", "x").ended(2);
        assertTrue(push.err(), push.err().contains("Did you mean: protoplex push?"));
    }

    @Test
    public void buildServersAndPlainTerminalsGetPlainLines() {
        assertTrue(Environment.movesCursor(Map.of("TERM", "xterm", "CI", "")));
        assertFalse(Environment.movesCursor(Map.of("TERM", "dumb")));
        assertFalse(Environment.movesCursor(Map.of("TERM", "xterm", "CI", "true")));
    }

    @Test
    public void completionKnowsApps() throws IOException {
        seed.data.put("/v1/apps", json("{\"apps\":[{\"app\":\"hello\"},{\"app\":\"other\"}]}"));
        assertEquals(
                List.of("hello", "other"),
                cli().run("completion", "--names", "apps")
                        .ended(0)
                        .out()
                        .lines()
                        .toList());
        seed.close();
        assertEquals("", cli().run("completion", "--names", "apps").ended(0).out());
        assertTrue(cli().run("completion").ended(0).out().contains("completion --names"));
    }

    @Test
    public void completionKnowsNodes() throws IOException {
        for (String name : List.of("node-1", "node-2")) {
            java.nio.file.Files.createDirectories(
                    root.resolve(".protoplex/nodes").resolve(name));
        }
        seed.close();
        assertEquals(
                "without asking anybody",
                List.of("node-1", "node-2"),
                cli().run("completion", "--names", "nodes")
                        .ended(0)
                        .out()
                        .lines()
                        .toList());
        assertEquals(
                "nothing is said where there is no fleet",
                "",
                new Cli(Path.of("/"))
                        .run("completion", "--names", "nodes")
                        .ended(0)
                        .out());
    }

    @Test
    public void nodesSayWhoIsAwayAndSinceWhen() throws IOException {
        String now = Instant.now().minusSeconds(3 * 60 + 5).toString();
        seed.data.put("/v1/nodes", json("""
                {"nodes":[{"node":"node-1","region":"local","roles":["app"],"connected":false,"since":"%s",
                 "pid":42,"version":"0.1","addresses":{},"units":[]},
                 {"node":"node-2","region":"local","roles":["app"],"connected":true,"since":"%s",
                 "pid":43,"version":"0.1","addresses":{},"units":[]}]}
                """.formatted(now, now)));
        String nodes = cli().run("nodes").ended(0).out();
        assertTrue(nodes, nodes.matches("(?s).*node-1 +away +3 min.*"));
        assertTrue(nodes, nodes.matches("(?s).*node-2 +connected +3 min.*"));
    }

    /** It takes connections, and answers none: as a process that was stopped. */
    @Test
    public void aSeedThatSaysNothingIsToldOfSoon() throws Exception {
        try (java.net.ServerSocket silent =
                new java.net.ServerSocket(0, 10, java.net.InetAddress.getLoopbackAddress())) {
            java.nio.file.Files.writeString(
                    root.resolve(".protoplex/fleet.json"),
                    "{\"seed\": \"http://127.0.0.1:" + silent.getLocalPort() + "\", \"nodes\": []}");
            long begun = System.nanoTime();
            Result status = cli().run("status").ended(3);
            assertTrue(status.toString(), status.err().contains("it has not answered within 4 s"));
            assertTrue(
                    "soon",
                    System.nanoTime() - begun < java.time.Duration.ofSeconds(30).toNanos());
        }
    }
}
