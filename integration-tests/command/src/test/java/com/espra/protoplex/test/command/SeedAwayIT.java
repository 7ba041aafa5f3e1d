package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.net.URI;
import java.util.List;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** Two nodes, of which one dies: the Seed, or the other one. */
public class SeedAwayIT {

    @ClassRule
    public static final Fleet fleet = new Fleet();

    @BeforeClass
    public static void up() throws Exception {
        fleet.up("--nodes", "2");
    }

    @Test
    public void withoutTheSeedNodesServeOnAndRestartAndWithItTheyMoveAgain() throws Exception {
        push("lonely", "1.0.0");
        List<String> commandLine = fleet.commandLine("node-2");

        fleet.kill("node-1");

        serves("node-2", "lonely", "1.0.0");
        fleet.run("status").failedWith(3);
        fleet.run("push", Apps.app("lonely", "1.0.1").build(fleet.root()).toString())
                .failedWith(3);

        fleet.kill("node-2");
        Process alone = fleet.restart("node-2", commandLine);
        Await.until("node-2 serves what it served, without the Seed", Fleet.DEADLINE, () -> {
            serves("node-2", "lonely", "1.0.0");
            return fleet.pid("node-2") == alone.pid();
        });
        alone.destroyForcibly().waitFor();

        fleet.up();
        push("lonely", "1.0.2");
    }

    @Test
    public void whoWasAwayDuringAPushConvergesWhenItReturns() throws Exception {
        push("late", "1.0.0");
        fleet.kill("node-2");
        Await.until(
                "the Seed knows that node-2 is away",
                Fleet.DEADLINE,
                () -> fleet.api("/v1/status").path("connected").asInt() == 1);

        Fleet.Result push = fleet.run(
                        "push", Apps.app("late", "1.0.1").build(fleet.root()).toString())
                .succeeded();
        assertTrue(push.toString(), push.output().contains("serves on 1 of 1 nodes"));
        long pid = fleet.pid("node-1");

        fleet.up();

        assertEquals("node-1 was left alone", pid, fleet.pid("node-1"));
        Await.until("node-2 has moved, too", Fleet.DEADLINE, () -> {
            serves("node-2", "late", "1.0.1");
            return true;
        });
        push("late", "1.0.2");
    }

    private static void push(String app, String version) throws Exception {
        Fleet.Result push = fleet.run(
                        "push", Apps.app(app, version).build(fleet.root()).toString())
                .succeeded();
        assertTrue(push.toString(), push.output().contains("serves on 2 of 2 nodes"));
        serves("node-1", app, version);
        serves("node-2", app, version);
    }

    private static void serves(String node, String app, String version) throws Exception {
        URI uri = URI.create(fleet.address(node, "http") + "/" + app);
        assertEquals(app + " " + version, fleet.get(uri).body());
    }
}
