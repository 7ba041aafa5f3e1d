package com.espra.protoplex.test.command;

import static com.espra.protoplex.test.command.TwoChildren.NODE;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** A node that is a parent and two children that serve, with real processes and real signals. */
public class ChildrenIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ClassRule
    public static final TwoChildren node = new TwoChildren();

    private final Fleet fleet = node.fleet;

    @Before
    public void up() throws Exception {
        node.up();
    }

    @After
    public void theNodeIsWhole() throws Exception {
        node.assertServes();
    }

    @Test
    public void aPushReachesAllChildrenAndNoRequestIsLost() throws Exception {
        String before = node.hello();
        try (Visitors visitors = node.visitors()) {
            node.push();
            visitors.awaitMore(node.hello());
            fleet.run("rollback", "hello").succeeded();
            visitors.awaitMore(before);
            fleet.run("rollback", "hello", node.version()).succeeded();
            long old = visitors.answers(before);
            visitors.awaitMore(node.hello());
            visitors.close();
            visitors.assertNothingFailed();
            assertTrue(old > 0);
        }
    }

    @Test
    public void theShellReachesTheCommandsOfTheSeedAndOfApps() throws Exception {
        Path greeter = Apps.app("greeter", "1.0.0").source("""
                        package com.example.greeter;

                        import org.osgi.service.component.annotations.Component;

                        @Component(
                                service = Greet.class,
                                property = {"osgi.command.scope=greeter", "osgi.command.function=greet"})
                        public class Greet {
                            public String greet(String whom) {
                                return "hi " + whom;
                            }
                        }
                        """).build(fleet.root());
        fleet.run("push", greeter.toString()).succeeded();
        Await.until(
                "the app's command is there",
                Fleet.DEADLINE,
                () -> shell("help").contains("greeter:greet"));
        assertEquals("hi you\n", shell("greeter:greet", "you"));
        assertTrue(shell("seed:apps").contains("greeter"));
        assertTrue("its help", shell("help", "seed:deploy").contains("seed:deploy"));
        assertFalse("for completion alone", shell("help").contains("__"));
        fleet.run("remove", "greeter").succeeded();
        Await.until("it goes with its app", Fleet.DEADLINE, () -> !shell("help").contains("greeter:greet"));
    }

    /** It is kept for a roll-back: what it finds of itself is of no interest until then. */
    @Test
    public void theHealthOfAVersionAtRestChangesNothing() throws Exception {
        Path ill = fleet.root().resolve("ill");
        fleet.run("push", checked("1.0.0", ill).toString()).succeeded();
        fleet.run("push", checked("1.0.1", fleet.root().resolve("never")).toString())
                .succeeded();
        Set<Long> before = node.serving();

        Files.createFile(ill);

        // All children are looked at several times meanwhile.
        node.push();
        for (String path : List.of("/health/live", "/health/ready")) {
            HttpResponse<String> answer = fleet.get(8050, path);
            assertEquals(answer.body(), 200, answer.statusCode());
            assertFalse(answer.body(), answer.body().contains("it is ill"));
        }
        assertEquals("no child was replaced", before, node.serving());
        Fleet.Result back = fleet.run("rollback", "checked", "1.0.0").failedWith(1);
        assertTrue(back.toString(), back.all().contains("it is ill"));
        fleet.run("remove", "checked").succeeded();
    }

    private Path checked(String version, Path ill) {
        return Apps.app("checked", version).source("""
                        package com.example.checked;

                        import org.apache.felix.hc.api.*;
                        import org.osgi.service.component.annotations.Component;

                        @Component(property = {"hc.name=checked", "hc.tags=live", "hc.tags=ready"})
                        public class Check implements HealthCheck {
                            @Override public Result execute() {
                                return java.nio.file.Files.exists(java.nio.file.Path.of("%s"))
                                        ? new Result(Result.Status.CRITICAL, "it is ill")
                                        : new Result(Result.Status.OK, "it is well");
                            }
                        }
                        """.formatted(ill)).build(fleet.root());
    }

    private String shell(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("shell", NODE));
        command.addAll(List.of(words));
        return fleet.run(command.toArray(String[]::new)).succeeded().output();
    }

    @Test
    public void whatOneChildRefusesIsServedByNone() throws Exception {
        Path bad = Apps.with("hello", "1.1.0", "public void init() { throw new IllegalStateException(\"no way\"); }")
                .build(fleet.root());
        try (Visitors visitors = node.visitors()) {
            Fleet.Result push = fleet.run("push", bad.toString()).failedWith(1);
            assertTrue(push.toString(), push.errors().contains("no way"));
            visitors.close();
            assertEquals(visitors.answers(), visitors.answers(node.hello()));
            visitors.assertNothingFailed();
        }
    }

    @Test
    public void aKilledChildCostsNoMoreThanWhatItHadInFlightAndIsReplaced() throws Exception {
        Set<Long> before = node.serving();
        long victim = before.iterator().next();
        try (Visitors visitors = node.visitors()) {
            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
            node.awaitReplaced(victim);
            visitors.awaitMore(node.hello());
            visitors.close();
            visitors.assertNoMoreFailedThanWereInFlight();
        }
        String crashes = fleet.run("shell", NODE, "node:crashes").succeeded().output();
        assertTrue(crashes, crashes.contains("SIGKILL") && crashes.contains(Long.toString(victim)));
    }

    @Test
    public void whoStandsByServesInThePlaceOfOneThatIsLostAndKnowsTheLastVersion() throws Exception {
        long standby = awaitStandby();
        node.push();
        assertEquals("it took the push, too", standby, awaitStandby());
        Set<Long> before = node.serving();
        for (long victim : before) {
            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
        }
        // Of three only this one is left, and it starts nothing any more.
        Await.until("it serves", Fleet.DEADLINE, () -> node.serving().contains(standby));
        fleet.assertServes("/hello", node.hello());
        node.awaitServing();
        assertTrue(node.serving().contains(standby));
        awaitStandby();
    }

    @Test
    public void aChildThatDoesNothingMoreIsReplaced() throws Exception {
        long victim = node.serving().iterator().next();
        signal("STOP", victim);
        node.awaitReplaced(victim);
        assertFalse("it was killed", Fleet.isRunning(victim));
    }

    @Test
    public void tenThousandConnectionsThatAskForNothingHarmNobody() throws Exception {
        List<SocketChannel> idle = new ArrayList<>();
        try (Visitors visitors = node.visitors()) {
            for (int i = 0; i < 10_000; i++) {
                idle.add(SocketChannel.open(new InetSocketAddress("localhost", fleet.port(8080))));
            }
            node.push();
            visitors.awaitMore(node.hello());
            visitors.close();
            visitors.assertNothingFailed();
        } finally {
            for (SocketChannel each : idle) {
                each.close();
            }
        }
        assertEquals("no child was lost", 2, node.serving().size());
    }

    @Test
    public void theMetaPortTellsOfAllProcessesAndThePublicPortOfNone() throws Exception {
        for (int i = 0; i < 20; i++) {
            fleet.assertServes("/hello", node.hello());
        }

        // Whoever does not answer within a second is left out: a child may be busy yet with what the test before was
        // about.
        Await.until("the node is ready, and tells of its processes", Fleet.DEADLINE, () -> {
            HttpResponse<String> ready = fleet.get(8050, "/health/ready");
            assertEquals(ready.body(), 200, ready.statusCode());
            for (String part : List.of("children HEALTHY", "serving-0.", "single-0.")) {
                assertTrue(ready.body(), ready.body().contains(part));
            }
            return true;
        });
        assertEquals(200, fleet.get(8050, "/health/live").statusCode());

        Await.until("so do its metrics", Fleet.DEADLINE, () -> {
            String metrics = fleet.get(8050, "/metrics").body();
            for (String process : List.of("parent", "serving-0.", "serving-1.", "single-0.")) {
                assertTrue(metrics, metrics.contains("process_resident_memory_bytes{child=\"" + process));
            }
            assertTrue(metrics, metrics.contains("protoplex_children{group=\"serving\",phase=\"serving\"} 2"));
            return true;
        });
        assertWellFormed(fleet.get(8050, "/metrics").body());
        // The parent's picture of its children is as old as the last look at it.
        Await.until(
                "the node's requests are counted",
                Fleet.DEADLINE,
                () -> requests(fleet.get(8050, "/metrics").body()) >= 20);

        awaitStandby();
        String report = fleet.get(8050, "/v1/node").body();
        assertEquals(4, JSON.readTree(report).path("processes").path("children").size());
        assertEquals(node.serving(), servingByTheShell());

        for (String path : List.of("/metrics", "/health/ready", "/health/live", "/v1/node")) {
            assertEquals(path, 404, fleet.get(8080, path).statusCode());
        }
    }

    private Set<Long> servingByTheShell() throws Exception {
        Set<Long> pids = new TreeSet<>();
        String table = fleet.run("shell", NODE, "node:children").succeeded().output();
        for (String line : table.lines().toList()) {
            // The child, its group, its phase and its process: a group is called "serving", too.
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.getFirst().startsWith("serving-") && words.get(2).equals("serving")) {
                pids.add(Long.parseLong(words.get(3)));
            }
        }
        return pids;
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
                .filter(line -> line.contains("phase=\"live\"") && line.contains("version=\"" + node.version() + "\""))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no requests of " + node.version() + " in " + metrics));
    }

    @Test
    public void theChildrenOfAKilledParentEndAndTheNextStartRecovers() throws Exception {
        Set<Long> before = node.serving();
        fleet.kill(NODE);
        // At once: they have its ports still, and are waited for.
        fleet.up();
        assertTrue("the children have ended", before.stream().noneMatch(Fleet::isRunning));
        node.awaitServing();
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
        assertTrue(kill.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, kill.exitValue());
    }

    private long awaitStandby() throws Exception {
        Await.until(
                "one stands by",
                Fleet.DEADLINE,
                () -> fleet.children(NODE, "PREPARED").size() == 1);
        return fleet.children(NODE, "PREPARED").iterator().next();
    }
}
