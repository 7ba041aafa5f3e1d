package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli.Result;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
}
