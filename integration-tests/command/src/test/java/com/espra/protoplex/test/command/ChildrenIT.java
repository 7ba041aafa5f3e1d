package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** A node that is a parent and two children that serve, with real processes and real signals. */
public class ChildrenIT {

    private static final String NODE = "node-1";
    private static final long MANY = 50;
    private static final Path HOME = Path.of(System.getProperty("repository"))
            .toAbsolutePath()
            .normalize()
            .resolve("runtimes/dist/target/protoplex");
    private static final ObjectMapper JSON = new ObjectMapper();

    @ClassRule
    public static final Fleet fleet = new Fleet();

    private static int patch;
    private static String version = "";

    @Before
    public void up() throws Exception {
        fleet.up("--children", "2");
        if (version.isEmpty()) {
            push();
        }
        awaitServing(2);
    }

    @After
    public void theNodeIsWhole() throws Exception {
        fleet.assertServes("/hello", "hello " + version);
    }

    @Test
    public void aPushReachesAllChildrenAndNoRequestIsLost() throws Exception {
        try (Visitors visitors = visitors()) {
            push();
            awaitAnswers(visitors, "hello " + version);
            String before = "hello 1.0." + (patch - 1);
            fleet.run("rollback", "hello").succeeded();
            awaitAnswers(visitors, before);
            fleet.run("rollback", "hello", version).succeeded();
            long old = visitors.answers(before);
            awaitAnswers(visitors, "hello " + version);
            visitors.close();
            visitors.assertNothingFailed();
            assertTrue(old > 0);
        }
    }

    @Test
    public void whatOneChildRefusesIsServedByNone() throws Exception {
        Path bad = Apps.with("hello", "1.1.0", "public void init() { throw new IllegalStateException(\"no way\"); }")
                .build(fleet.root());
        try (Visitors visitors = visitors()) {
            Fleet.Result push = fleet.run("push", bad.toString()).failedWith(1);
            assertTrue(push.toString(), push.errors().contains("no way"));
            visitors.close();
            assertEquals(visitors.answers(), visitors.answers("hello " + version));
            visitors.assertNothingFailed();
        }
    }

    @Test
    public void aKilledChildCostsNoMoreThanWhatItHadInFlightAndIsReplaced() throws Exception {
        Set<Long> before = fleet.serving(NODE);
        long victim = before.iterator().next();
        try (Visitors visitors = visitors()) {
            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
            awaitReplaced(victim);
            awaitAnswers(visitors, "hello " + version);
            visitors.close();
            visitors.assertNoMoreFailedThanWereInFlight();
        }
        String crashes = fleet.run("shell", NODE, "node:crashes").succeeded().output();
        assertTrue(crashes, crashes.contains("SIGKILL") && crashes.contains(Long.toString(victim)));
    }

    @Test
    public void whoStandsByServesInThePlaceOfOneThatIsLostAndKnowsTheLastVersion() throws Exception {
        long standby = awaitStandby();
        push();
        assertEquals("it took the push, too", standby, awaitStandby());
        Set<Long> before = fleet.serving(NODE);
        for (long victim : before) {
            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
        }
        // Of three only this one is left, and it starts nothing any more.
        Await.until("it serves", Fleet.DEADLINE, () -> fleet.serving(NODE).contains(standby));
        fleet.assertServes("/hello", "hello " + version);
        awaitServing(2);
        assertTrue(fleet.serving(NODE).contains(standby));
        awaitStandby();
    }

    @Test
    public void aChildThatDoesNothingMoreIsReplaced() throws Exception {
        long victim = fleet.serving(NODE).iterator().next();
        signal("STOP", victim);
        awaitReplaced(victim);
        assertFalse("it was killed", Fleet.isRunning(victim));
    }

    @Test
    public void newJvmOptionsReachTheChildrenWithoutALostRequest() throws Exception {
        Set<Long> before = fleet.serving(NODE);
        long parent = fleet.pid(NODE);
        configure(node -> {
            node.withObjectProperty("jvm").putArray("options").add("-Dprobe=yes");
            return node;
        });
        try (Visitors visitors = visitors()) {
            fleet.run("upgrade", "--children").succeeded();
            awaitAnswers(visitors, "hello " + version);
            visitors.close();
            visitors.assertNothingFailed();
        }
        assertEquals("the parent stayed", parent, fleet.pid(NODE));
        Set<Long> after = fleet.serving(NODE);
        assertEquals(2, after.size());
        assertTrue("none of " + before + " in " + after, after.stream().noneMatch(before::contains));
        for (long child : after) {
            assertTrue(Fleet.commandLine(child).contains("-Dprobe=yes"));
        }
    }

    @Test
    public void tenThousandConnectionsThatAskForNothingHarmNobody() throws Exception {
        List<SocketChannel> idle = new ArrayList<>();
        try (Visitors visitors = visitors()) {
            for (int i = 0; i < 10_000; i++) {
                idle.add(SocketChannel.open(new InetSocketAddress("localhost", fleet.port(8080))));
            }
            push();
            awaitAnswers(visitors, "hello " + version);
            visitors.close();
            visitors.assertNothingFailed();
        } finally {
            for (SocketChannel each : idle) {
                each.close();
            }
        }
        assertEquals("no child was lost", 2, fleet.serving(NODE).size());
    }

    @Test
    public void http2ClientsMoveToNewChildrenWithoutALostRequest() throws Exception {
        URI secure = URI.create("https://localhost:" + fleet.port(8443) + "/hello");
        URI clear = URI.create("http://localhost:" + fleet.port(8080) + "/hello");
        try (Http2Load one = new Http2Load(secure, new Trust());
                Http2Load two = new Http2Load(clear, null)) {
            fleet.run("upgrade", "--children").succeeded();
            push();
            for (Http2Load load : List.of(one, two)) {
                try {
                    Await.until(
                            "the new version answers", Fleet.DEADLINE, () -> load.answers("hello " + version) > MANY);
                } catch (AssertionError e) {
                    throw new AssertionError(e.getMessage() + ": " + load, e);
                }
                load.close();
                load.assertNothingFailed();
            }
        }
    }

    @Test
    public void anotherParentTakesOverWithoutALostRequest() throws Exception {
        Set<Long> before = fleet.serving(NODE);
        long parent = fleet.pid(NODE);
        try (Visitors visitors = visitors()) {
            Fleet.Result upgrade = fleet.run("upgrade").succeeded();
            assertTrue(upgrade.toString(), upgrade.output().contains("new processes serve"));
            awaitAnswers(visitors, "hello " + version);
            Await.until(
                    "the old processes are gone",
                    Fleet.DEADLINE,
                    () -> !Fleet.isRunning(parent) && before.stream().noneMatch(ChildrenIT::runs));
            awaitAnswers(visitors, "hello " + version);
            visitors.close();
            visitors.assertNothingFailed();
        }
        assertNotEquals(parent, fleet.pid(NODE));
        assertEquals("done", upgrades().path(0).path("state").asText());
        push();
    }

    @Test
    public void anUpgradeWhoseSuccessorCannotStartIsToldByTheParentThatGoesOn() throws Exception {
        long parent = fleet.pid(NODE);
        Path broken = distributionWithoutAHost();
        try (Visitors visitors = visitors()) {
            String id = upgrade(false, broken, 202).path("id").asText();
            JsonNode failed = awaitEnd(id);
            assertEquals(failed.toString(), "failed", failed.path("state").asText());
            assertTrue(failed.toString(), failed.path("reason").asText().contains("before it served"));
            assertEquals(parent, fleet.pid(NODE));
            awaitServing(2);
            awaitAnswers(visitors, "hello " + version);
            visitors.close();
            visitors.assertNothingFailed();
        } finally {
            delete(broken);
        }
        push();
    }

    @Test
    public void anUpgradeWhoseParentIsKilledIsDoneByTheSuccessorAlone() throws Exception {
        long parent = fleet.pid(NODE);
        String id = upgrade(false, HOME, 202).path("id").asText();
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
        awaitServing(2);
    }

    @Test
    public void anUpgradeToWhatLiesElsewhereIsRefusedByTheNode() throws Exception {
        Set<Long> before = fleet.serving(NODE);
        Path elsewhere = Files.createDirectories(fleet.root().resolve("elsewhere/features"));
        JsonNode failed =
                awaitEnd(upgrade(true, elsewhere.getParent(), 202).path("id").asText());
        assertEquals("failed", failed.path("state").asText());
        assertTrue(failed.toString(), failed.path("reason").asText().contains("no folder beside"));
        assertEquals(before, fleet.serving(NODE));
    }

    @Test
    public void oneUpgradeAtATime() throws Exception {
        String first = upgrade(true, HOME, 202).path("id").asText();
        HttpResponse<String> second = ask(true, HOME);
        // The Seed refuses it, if the node has told of the first already; otherwise the node does.
        if (second.statusCode() == 202) {
            JsonNode refused = awaitEnd(JSON.readTree(second.body()).path("id").asText());
            assertTrue(refused.toString(), refused.path("reason").asText().contains("under way"));
        } else {
            assertEquals(second.body(), 409, second.statusCode());
        }
        assertEquals("done", awaitEnd(first).path("state").asText());
        awaitServing(2);
    }

    @Test
    public void theShellUpgradesToo() throws Exception {
        Set<Long> before = fleet.serving(NODE);
        String said = fleet.run("shell", NODE, "node:upgrade", "--children", "'" + HOME + "'")
                .succeeded()
                .output();
        assertTrue(said, said.contains("new children serve"));
        assertTrue(fleet.serving(NODE).stream().noneMatch(before::contains));
        Await.until("the Seed hears of it", Fleet.DEADLINE, () -> {
            JsonNode last = upgrades().path(0);
            return last.path("id").asText().isEmpty()
                    && last.path("state").asText().equals("done");
        });
        fleet.run("upgrade", NODE, "--children").succeeded();
    }

    @Test
    public void anUpgradeThatCannotStartChangesNothing() throws Exception {
        Set<Long> before = fleet.serving(NODE);
        configure(node -> {
            node.withObjectProperty("jvm").putArray("options").add("-XX:NoSuchOption");
            return node;
        });
        try (Visitors visitors = visitors()) {
            Fleet.Result children = fleet.run("upgrade", "--children").failedWith(1);
            assertTrue(children.toString(), children.errors().contains("serve on"));
            assertEquals(before, fleet.serving(NODE));
            visitors.close();
            visitors.assertNothingFailed();
        } finally {
            configure(node -> {
                node.remove("jvm");
                return node;
            });
        }
    }

    @Test
    public void theMetaPortTellsOfAllProcessesAndThePublicPortOfNone() throws Exception {
        for (int i = 0; i < 20; i++) {
            fleet.assertServes("/hello", "hello " + version);
        }

        Await.until(
                "the node is ready",
                Fleet.DEADLINE,
                () -> fleet.get(8050, "/health/ready").statusCode() == 200);
        String ready = fleet.get(8050, "/health/ready").body();
        assertTrue(
                ready,
                ready.contains("children HEALTHY") && ready.contains("serving-0.") && ready.contains("single-0."));
        assertEquals(200, fleet.get(8050, "/health/live").statusCode());

        String metrics = fleet.get(8050, "/metrics").body();
        assertWellFormed(metrics);
        for (String process : List.of("parent", "serving-0.", "serving-1.", "single-0.")) {
            assertTrue(metrics, metrics.contains("process_resident_memory_bytes{child=\"" + process));
        }
        assertTrue(metrics, metrics.contains("protoplex_children{group=\"serving\",phase=\"serving\"} 2"));
        // The parent's picture of its children is as old as the last look at it.
        Await.until(
                "the node's requests are counted",
                Fleet.DEADLINE,
                () -> requests(fleet.get(8050, "/metrics").body()) >= 20);

        awaitStandby();
        String report = fleet.get(8050, "/v1/node").body();
        assertEquals(4, JSON.readTree(report).path("processes").path("children").size());

        for (String path : List.of("/metrics", "/health/ready", "/health/live", "/v1/node")) {
            assertEquals(path, 404, fleet.get(8080, path).statusCode());
        }
    }

    /** The Prometheus text format: a family's help and type once, its samples behind them, each a name, labels and a number. */
    private static void assertWellFormed(String metrics) {
        Set<String> families = new TreeSet<>();
        String family = "";
        for (String line : metrics.lines().toList()) {
            if (line.startsWith("# HELP ")) {
                family = line.split(" ")[2];
                assertTrue("twice: " + family, families.add(family));
            } else if (line.startsWith("# TYPE ")) {
                assertTrue(line, line.matches("# TYPE " + family + " (counter|gauge|histogram|summary|untyped)"));
            } else {
                assertTrue(line, line.startsWith(family));
                assertTrue(
                        line,
                        line.matches(
                                "[a-z0-9_]+(\\{([a-z_]+=\"([^\"\\\\\n]|\\\\.)*\",?)*})? ([-+0-9.eE]+|NaN|[+-]Inf)"));
            }
        }
    }

    /** Of the version that serves, in all children. */
    private static double requests(String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith("protoplex_requests_total{") && !line.contains("child="))
                .filter(line -> line.contains("phase=\"live\"") && line.contains("version=\"" + version + "\""))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no requests of " + version + " in " + metrics));
    }

    @Test
    public void theChildrenOfAKilledParentEndAndTheNextStartRecovers() throws Exception {
        Set<Long> before = fleet.serving(NODE);
        fleet.kill(NODE);
        Await.until(
                "the children have ended", Fleet.DEADLINE, () -> before.stream().noneMatch(ChildrenIT::runs));
        fleet.up();
        awaitServing(2);
    }

    /** The node's upgrades, as it told the Seed; none while the Seed is away. */
    private static JsonNode upgrades() {
        try {
            return fleet.api("/v1/nodes").path("nodes").path(0).path("upgrades");
        } catch (IOException | AssertionError e) {
            return JSON.createArrayNode();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode awaitEnd(String id) {
        Await.until("upgrade " + id + " has ended", Fleet.DEADLINE.multipliedBy(2), () -> ended(id) != null);
        JsonNode ended = ended(id);
        assertTrue("it is still told of", ended != null);
        return ended;
    }

    private static JsonNode ended(String id) {
        for (JsonNode each : upgrades()) {
            if (each.path("id").asText().equals(id)
                    && !each.path("state").asText().equals("running")) {
                return each;
            }
        }
        return null;
    }

    private static JsonNode upgrade(boolean children, Path distribution, int status) throws Exception {
        HttpResponse<String> answer = ask(children, distribution);
        assertEquals(answer.body(), status, answer.statusCode());
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> ask(boolean children, Path distribution) throws Exception {
        String body = JSON.writeValueAsString(Map.of("children", children, "distribution", distribution.toString()));
        URI uri = URI.create("http://localhost:" + fleet.port(8060) + "/v1/nodes/" + NODE + "/upgrades");
        String token = Files.readString(fleet.dir().resolve("operator.token")).strip();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", "Bearer " + token)
                            .timeout(Fleet.DEADLINE)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Beside the one that the node runs from, as complete as an installation that was broken off. */
    private static Path distributionWithoutAHost() throws IOException {
        Path broken = Files.createTempDirectory(HOME.getParent(), "broken-");
        for (String folder : List.of("features", "etc")) {
            Files.createDirectory(broken.resolve(folder));
            try (Stream<Path> files = Files.list(HOME.resolve(folder))) {
                for (Path each : files.toList()) {
                    Files.copy(each, broken.resolve(folder).resolve(each.getFileName()));
                }
            }
        }
        return broken;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static Visitors visitors() throws Exception {
        Visitors visitors = new Visitors(fleet.port(8080), "/hello");
        awaitAnswers(visitors, "hello " + version);
        return visitors;
    }

    private static void awaitAnswers(Visitors visitors, String answer) {
        long before = visitors.answers(answer);
        Await.until(
                MANY + " answers '" + answer + "'", Fleet.DEADLINE, () -> visitors.answers(answer) >= before + MANY);
    }

    private static void push() throws Exception {
        String next = "1.0." + ++patch;
        fleet.run("push", Apps.hello(next, fleet.root()).toString()).succeeded();
        version = next;
    }

    private static void configure(UnaryOperator<ObjectNode> change) throws IOException {
        Path file = fleet.node(NODE).resolve("node.json");
        ObjectNode node = (ObjectNode) JSON.readTree(file.toFile());
        JSON.writeValue(file.toFile(), change.apply(node));
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
        assertTrue(kill.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, kill.exitValue());
    }

    private static void awaitReplaced(long victim) {
        Await.until("a successor of process " + victim + " serves", Fleet.DEADLINE, () -> {
            Set<Long> now = fleet.serving(NODE);
            return now.size() == 2 && !now.contains(victim);
        });
    }

    private static long awaitStandby() throws Exception {
        Await.until(
                "one stands by",
                Fleet.DEADLINE,
                () -> fleet.children(NODE, "prepared").size() == 1);
        return fleet.children(NODE, "prepared").iterator().next();
    }

    private static void awaitServing(int children) {
        Await.until(
                children + " children serve",
                Fleet.DEADLINE,
                () -> fleet.serving(NODE).size() == children);
    }

    private static boolean runs(long pid) {
        try {
            return Fleet.isRunning(pid);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
