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
        fleet.run("push", new EchoRole(fleet.root()).build("1.0.0").toString()).succeeded();
        fleet.run("role", "add", "node-2", "echo").succeeded();
        assertEquals(1, count());
        List<String> commandLine = fleet.commandLine("node-2");
        try (RoomLoad room = room()) {
            room.awaitVersion("1.0.0");

            fleet.kill("node-1");

            room.forget("1.0.0");
            room.awaitVersion("1.0.0");
            room.assertAllHeardAll();
        }
        assertEquals("what is open once is open on", 2, count());
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
        assertEquals("it was closed by nobody, and is open again", 3, count());
        try (RoomLoad room = room()) {
            room.awaitVersion("1.0.0");
            room.assertAllHeardAll();
        }
        alone.destroyForcibly().waitFor();

        fleet.up();
        push("lonely", "1.0.2");
        fleet.run("role", "remove", "node-2", "echo").succeeded();
    }

    private static int count() throws Exception {
        return Integer.parseInt(fleet.get(URI.create(fleet.address("node-2", "http") + "/echo/count"))
                .body()
                .strip());
    }

    /** WebSockets and a stream of events of node-2. */
    private static RoomLoad room() throws Exception {
        return new RoomLoad(URI.create(fleet.address("node-2", "http")).getPort(), "/echo/room", 2, 1);
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
