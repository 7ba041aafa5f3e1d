package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** What ends the children of a node: the apps that they run, and kills at the worst moment. */
public class ChildFailuresIT {

    private static final String NODE = "node-1";
    private static final int VISITS = 60;
    private static final List<String> STEPS = List.of("fetch", "preflight", "install", "ready", "flip");

    @ClassRule
    public static final Fleet fleet = new Fleet();

    private static int patch;

    @Before
    public void up() throws Exception {
        fleet.configure(NODE, node -> {
            node.withObjectProperty("jvm").putArray("options").add("-Xmx48m");
            node.withObjectProperty("child").put("stableSeconds", 2);
        });
        fleet.up("--children", "2");
        push(Apps.hello(next(), fleet.root())).succeeded();
        fleet.awaitServing(NODE, 2);
    }

    @Test
    public void aChildThatExhaustsItsMemoryIsReplacedAndItsHeapIsKept() throws Exception {
        push(Apps.with("hello", next(), """
                private final java.util.List<byte[]> kept = new java.util.ArrayList<>();

                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    while (request.getPathInfo() != null) {
                        kept.add(new byte[1 << 16]);
                    }
                    response.getWriter().print("leaky");
                }
                """).build(fleet.root())).succeeded();
        Set<Long> before = fleet.serving(NODE);
        awaitEndOfTrial();

        try {
            fleet.get("/hello/leak");
        } catch (IOException itsEnd) {
            // A child that ends answers nobody.
        }

        Await.until("a child was replaced", Fleet.DEADLINE, () -> {
            Set<Long> now = fleet.serving(NODE);
            return now.size() == 2 && !now.equals(before);
        });
        assertAllAnswer("leaky");
        String crashes = fleet.run("shell", NODE, "node:crashes").succeeded().output();
        assertTrue(crashes, crashes.contains("ran out of memory") && crashes.contains(".hprof"));
        Await.until(
                "the Seed knows",
                Fleet.DEADLINE,
                () -> fleet.api("/v1/status").toString().contains("ran out of memory"));
        String status = fleet.run("status").succeeded().output();
        assertTrue(status, status.contains("ran out of memory") && status.contains(".hprof"));
    }

    @Test
    public void aKillInTheMiddleOfASwapLeavesAllChildrenWithOneVersion() throws Exception {
        String serving = "hello 1.0." + patch;
        // CoordinatorRandomTest goes through all that can happen in each of the steps.
        for (String step : Fleet.SOAK ? STEPS : List.of("install", "flip")) {
            String version = next();
            long victim = fleet.serving(NODE).iterator().next();
            Process push = fleet.start("push", Apps.hello(version, fleet.root()).toString());
            Await.until(
                    "step " + step,
                    Fleet.DEADLINE,
                    () -> fleet.result(push).output().contains(" " + step) || !push.isAlive());

            ProcessHandle.of(victim).ifPresent(ProcessHandle::destroyForcibly);

            assertTrue("push ends", push.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            Fleet.Result result = fleet.result(push);
            assertTrue(result.toString(), result.status() <= 1);
            Await.until("it was replaced", Fleet.DEADLINE, () -> {
                Set<Long> now = fleet.serving(NODE);
                return now.size() == 2 && !now.contains(victim);
            });
            serving = result.status() == 0 ? "hello " + version : serving;
            assertAllAnswer(serving);
        }
        push(Apps.hello(next(), fleet.root())).succeeded();
        assertAllAnswer("hello 1.0." + patch);
    }

    @Test
    public void aParentThatIsKilledInTheMiddleOfASwapComesBackWithOneVersion() throws Exception {
        String old = "hello 1.0." + patch;
        String version = next();
        Process push = fleet.start("push", Apps.hello(version, fleet.root()).toString());
        Await.until(
                "it flips", Fleet.DEADLINE, () -> fleet.result(push).output().contains(" flip") || !push.isAlive());

        fleet.kill(NODE);

        assertTrue("push ends", push.waitFor(2 * Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        fleet.up("--children", "2");
        fleet.awaitRest();
        fleet.awaitServing(NODE, 2);
        String now = "hello " + fleet.version("hello");
        assertTrue(now, List.of(old, "hello " + version).contains(now));
        assertAllAnswer(now);
        push(Apps.hello(next(), fleet.root())).succeeded();
        assertAllAnswer("hello 1.0." + patch);
    }

    @Test
    public void anAppThatEndsEveryChildMakesTheNodeUnhealthyAndCanBeRolledBack() throws Exception {
        Path trigger = fleet.root().resolve("trigger");
        String good = "hello 1.0." + patch;
        push(Apps.with("hello", next(), """
                public void init() {
                    Thread.ofPlatform().daemon().start(() -> {
                        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
                            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                        }
                        Runtime.getRuntime().halt(9);
                    });
                }

                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    response.getWriter().print("deadly");
                }
                """.formatted(trigger)).build(fleet.root()))
                .succeeded();
        assertAllAnswer("deadly");
        awaitEndOfTrial();

        Files.createFile(trigger);

        Await.until(
                "the node is unhealthy, and says so",
                Fleet.DEADLINE,
                () -> fleet.run("status").succeeded().output().contains(NODE + " is unhealthy: "));
        assertEquals(503, fleet.get(8050, "/health/ready").statusCode());

        fleet.run("rollback", "hello").succeeded();

        fleet.awaitServing(NODE, 2);
        assertAllAnswer(good);
        Await.until(
                "it is well again",
                Fleet.DEADLINE,
                () -> fleet.get(8050, "/health/ready").statusCode() == 200);
    }

    private static String next() {
        return "1.0." + ++patch;
    }

    private static Fleet.Result push(Path jar) throws IOException, InterruptedException {
        return fleet.run("push", jar.toString());
    }

    /** While it is on trial, a build that ends two children is taken back: docs/decisions/0067. */
    private static void awaitEndOfTrial() {
        Path state = fleet.node(NODE).resolve("data/agent/state.json");
        Await.until(
                "it is on trial no more",
                Fleet.DEADLINE,
                () -> Files.readString(state).contains("\"attempts\":{}"));
    }

    /** Each on a connection of its own, so that both children are asked. */
    private static void assertAllAnswer(String text) throws Exception {
        try (Visitors visitors = new Visitors(fleet.port(8080), "/hello")) {
            Await.until("visits", Fleet.DEADLINE, () -> visitors.answers() >= VISITS);
            visitors.close();
            visitors.assertNothingFailed();
            assertEquals("of " + visitors.answers(), visitors.answers(), visitors.answers(text));
        }
    }
}
