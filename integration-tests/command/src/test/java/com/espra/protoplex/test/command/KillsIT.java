package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.Rule;
import org.junit.Test;

/**
 * Kills at random moments of pushes, roll-backs and starts. What was acknowledged is never lost; what was not is there or is not, and
 * nothing else is. For twenty minutes with {@code -Dsoak}, and then as others with {@code -Dkills.seed=7}.
 */
public class KillsIT {

    /** Fewer would tell nothing, however long they take. */
    private static final int LEAST_KILLS = 5;

    private static final int KILLS = Fleet.SOAK ? 400 : 20;
    private static final Duration TIME = Duration.ofSeconds(Fleet.SOAK ? 1200 : 12);
    private static final long SEED = Long.getLong("kills.seed", 1);

    /** About as long as a push takes, and a start. */
    private static final int LONGEST_PUSH_MILLIS = 1500;

    private static final int LONGEST_START_MILLIS = 1500;

    @Rule
    public final Fleet fleet = new Fleet();

    private final Random random = new Random(SEED);
    /** What may serve: what was acknowledged last, and what was asked for since. */
    private final Set<String> possible = new HashSet<>();

    private final List<String> story = new ArrayList<>();
    private List<String> commandLine = List.of();
    private int next;

    @Test
    public void whatWasAcknowledgedIsNeverLost() throws Exception {
        fleet.up();
        commandLine = fleet.commandLine("node-1");
        push().waitFor();
        acknowledge();
        Instant end = Instant.now().plus(TIME);
        int kills = 0;
        while (kills < LEAST_KILLS || kills < KILLS && Instant.now().isBefore(end)) {
            Process asked = random.nextInt(4) == 0 ? rollback() : push();
            pause(LONGEST_PUSH_MILLIS);
            boolean acknowledged = !asked.isAlive() && asked.exitValue() == 0;
            if (acknowledged) {
                acknowledge();
            }
            kill("after " + (acknowledged ? "it was acknowledged" : "some of it"));
            kills++;
            Process node = fleet.restart("node-1", commandLine);
            while (random.nextInt(3) == 0) {
                pause(LONGEST_START_MILLIS);
                story.add("killed while it starts");
                node.destroyForcibly().waitFor();
                kills++;
                node = fleet.restart("node-1", commandLine);
            }
            servesOneOfThePossible(node);
            asked.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            fleet.awaitRest();
            settle();
        }
        kill("at the end");
        fleet.up();
        settle();
        nothingHalfInstalledRemains();
        fleet.run("push", Apps.hello("1.1.0", fleet.root()).toString()).succeeded();
        fleet.assertServes("/hello", "hello 1.1.0");
    }

    private Process push() throws IOException {
        String version = "1.0." + next;
        story.add("push " + version);
        possible.add(version);
        next++;
        return fleet.start("push", Apps.hello(version, fleet.root()).toString());
    }

    private Process rollback() throws IOException {
        story.add("rollback");
        for (int i = 0; i < next; i++) {
            possible.add("1.0." + i); // whichever served well before
        }
        return fleet.start("rollback", "hello");
    }

    /** What {@code status} says, right after a command succeeded, is what may serve from now on. */
    private void acknowledge() throws Exception {
        settle();
        story.add("acknowledged: " + possible);
    }

    private void settle() throws Exception {
        String version = fleet.api("/v1/status").at("/apps/0/version").asText();
        assertTrue(version + " is none of " + possible + "\n" + story, possible.contains(version));
        fleet.assertServes("/hello", "hello " + version);
        possible.clear();
        possible.add(version);
    }

    private void kill(String when) throws IOException {
        story.add("killed " + when);
        fleet.kill("node-1");
    }

    private void servesOneOfThePossible(Process node) {
        Await.until("the node serves again: " + story, Fleet.DEADLINE, () -> {
            assertTrue("the node ended\n" + story, node.isAlive());
            try {
                HttpResponse<String> response = fleet.get("/hello");
                assertEquals(response.body() + "\n" + story, 200, response.statusCode());
                String version = response.body().replace("hello ", "");
                assertTrue(version + " is none of " + possible + "\n" + story, possible.contains(version));
                return true;
            } catch (ConnectException e) {
                return false;
            }
        });
    }

    /** What serves, and what rests for a roll-back; each started, each once. */
    private void nothingHalfInstalledRemains() throws Exception {
        List<String> bundles = fleet.run("shell", "node-1", "lb -s com.example.hello")
                .succeeded()
                .output()
                .lines()
                .filter(line -> line.contains("com.example.hello"))
                .toList();
        assertTrue(bundles.toString(), bundles.size() >= 1 && bundles.size() <= 3);
        bundles.forEach(line -> assertTrue(line, line.contains("Active")));
        assertEquals("each once", bundles.size(), Set.copyOf(bundles).size());
    }

    /** Until a random moment: what a kill comes at. */
    private void pause(int longestMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(longestMillis));
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
