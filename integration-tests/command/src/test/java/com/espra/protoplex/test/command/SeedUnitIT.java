package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;

/** The Seed as a unit: it comes from the distribution, and is pushed to itself while it is used. */
public class SeedUnitIT {

    private static final int SWAPS = Fleet.SOAK ? 20 : 5;

    @Rule
    public final Fleet fleet = new Fleet();

    /** What the users of the Seed were told, as far as it was not what they asked for. */
    private final List<String> failures = new CopyOnWriteArrayList<>();

    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean enough;

    private JsonNode seed() throws Exception {
        for (JsonNode role : fleet.run("roles", "--json").succeeded().json().path("roles")) {
            if (role.path("role").asText().equals("seed")) {
                return role;
            }
        }
        throw new AssertionError("no role is the Seed");
    }

    private String version() throws Exception {
        return seed().path("nodes").path(0).path("version").asText();
    }

    /** Does it again and again, until there is enough. */
    private void meanwhile(ExecutorService users, Callable<Boolean> use) {
        users.submit(() -> {
            while (!enough) {
                try {
                    use.call();
                    calls.incrementAndGet();
                } catch (Exception | AssertionError e) {
                    failures.add(String.valueOf(e.getMessage()));
                }
            }
        });
    }

    private boolean status() throws Exception {
        JsonNode status = fleet.run("status", "--json").succeeded().json();
        assertEquals(
                "nobody is told that a node is away",
                2,
                status.path("connected").asInt());
        return true;
    }

    private boolean pushAnother(int number) throws Exception {
        String version = "1.0." + number;
        Fleet.Result push =
                fleet.run("push", Apps.hello(version, fleet.root()).toString()).succeeded();
        assertTrue(push.toString(), push.output().contains("serves on 2 of 2 nodes"));
        return true;
    }

    @Test
    public void itIsSwappedUnderPushesAndStatusCallsAndGoesBack() throws Exception {
        fleet.up("--nodes", "2");
        String shipped = version();
        assertNotEquals("it came with the distribution, before there was a Seed to ask", "", shipped);
        SeedBuilds builds = new SeedBuilds(fleet.root());

        AtomicInteger apps = new AtomicInteger();
        try (ExecutorService users = Executors.newFixedThreadPool(2)) {
            meanwhile(users, this::status);
            meanwhile(users, () -> pushAnother(apps.incrementAndGet()));
            try {
                for (int swap = 1; swap <= SWAPS; swap++) {
                    String next = "9.0." + swap;
                    Fleet.Result push =
                            fleet.run("push", builds.version(next).toString()).succeeded();
                    assertTrue(push.toString(), push.output().contains("seed " + next + " serves on 1 of 1 nodes"));
                }
                int before = calls.get();
                Await.until("the last version is used, too", Fleet.DEADLINE, () -> calls.get() > before + 2);
            } finally {
                enough = true;
                users.shutdown();
                assertTrue(users.awaitTermination(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            }
        }
        assertEquals("none of " + calls + " calls failed", List.of(), failures);
        assertEquals("9.0." + SWAPS, version());

        fleet.run("rollback", "seed").succeeded();
        assertEquals("9.0." + (SWAPS - 1), version());

        fleet.kill("node-1");
        fleet.up();
        assertEquals("a pushed version is not replaced by the shipped one", "9.0." + (SWAPS - 1), version());

        Fleet.Result removal = fleet.run("remove", "seed").failedWith(1);
        assertTrue(removal.toString(), removal.errors().contains("the Seed cannot remove itself"));
    }

    @Test
    public void oneThatCannotOpenIsRefusedAndOneThatIsKilledIsKnown() throws Exception {
        fleet.up();
        SeedBuilds builds = new SeedBuilds(fleet.root());
        String shipped = version();

        Fleet.Result refused =
                fleet.run("push", builds.thatCannotOpen("9.0.1").toString()).failedWith(1);
        assertTrue(refused.toString(), refused.errors().contains("node-1 refused seed 9.0.1"));
        assertTrue(refused.toString(), refused.errors().contains("FileSeedState"));
        assertEquals(shipped, version());
        assertTrue(fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString())
                .succeeded()
                .output()
                .contains("serves on 1 of 1 nodes"));

        Process push = fleet.start("push", builds.version("9.0.2").toString());
        Await.until("its requests are held, and its links asked to come again", Fleet.DEADLINE, () -> asked() > 1);
        fleet.kill("node-1");
        assertTrue(push.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        fleet.up();
        fleet.awaitRest();

        assertTrue(version(), Set.of(shipped, "9.0.2").contains(version()));
        assertTrue(fleet.run("releases", "seed").succeeded().output().contains("9.0.2"));
        assertTrue("the app is known", fleet.run("status").succeeded().output().contains("hello"));
    }

    /** How often a take-over of the Seed has begun. */
    private long asked() throws IOException {
        try (var lines = Files.lines(fleet.node("node-1").resolve("log/node.log"))) {
            return lines.filter(line -> line.contains("asks this node to come again"))
                    .count();
        }
    }
}
