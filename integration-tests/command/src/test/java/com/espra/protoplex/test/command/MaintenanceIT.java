package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** A node of two is drained behind a balancer, and the fleet has maintenance, while its Seed dies. */
public class MaintenanceIT {

    @ClassRule
    public static final Fleet fleet = new Fleet();

    @BeforeClass
    public static void up() throws Exception {
        // One of them is a parent with children, which have to hear all of it, too.
        fleet.configure("node-2", json -> {
            json.put("children", 2);
            json.withObjectProperty("child").put("standby", 0);
        });
        fleet.up("--nodes", "2");
        Fleet.Result push = fleet.run(
                        "push", Apps.app("shop", "1.0.0").build(fleet.root()).toString())
                .succeeded();
        assertTrue(push.toString(), push.output().contains("serves on 2 of 2 nodes"));
        Await.until(
                "the Seed knows the address of the shell",
                Fleet.DEADLINE,
                () -> nodeTwo().path("addresses").has("shell"));
        String log = Files.readString(fleet.node("node-1").resolve("log/node.log"));
        assertEquals(
                "one hello, whenever the shell opens",
                1,
                log.lines()
                        .filter(line -> line.contains("node-2 is there: roles"))
                        .count());
    }

    private static JsonNode nodeTwo() throws Exception {
        for (JsonNode each : fleet.api("/v1/nodes").path("nodes")) {
            if (each.path("node").asText().equals("node-2")) {
                return each;
            }
        }
        throw new AssertionError("there is no node-2");
    }

    private static ReadyBalancer.Target target(String node) throws Exception {
        return new ReadyBalancer.Target(shop(node), URI.create(fleet.address(node, "meta") + "/health/ready"));
    }

    private static URI shop(String node) throws Exception {
        return URI.create(fleet.address(node, "http") + "/shop");
    }

    private static String state(String node) throws Exception {
        return fleet.run("nodes")
                .succeeded()
                .output()
                .lines()
                .filter(line -> line.startsWith(node + " "))
                .findFirst()
                .orElse("no " + node);
    }

    private static JsonNode status() throws Exception {
        return fleet.run("status", "--json").succeeded().json();
    }

    @Test
    public void aDrainOfOneOfTwoLosesNothingAndItComesBack() throws Exception {
        ReadyBalancer.Target one = target("node-1");
        ReadyBalancer.Target two = target("node-2");
        try (ReadyBalancer balancer = new ReadyBalancer(List.of(one, two), "shop 1.0.0", 4)) {
            Await.until(
                    "both are used", Fleet.DEADLINE, () -> balancer.answers(one) > 100 && balancer.answers(two) > 100);

            Fleet.Result drain = fleet.run("node", "drain", "node-2").succeeded();
            assertTrue(drain.toString(), drain.output().contains("node-2 is drained"));

            assertEquals(503, fleet.get(two.ready()).statusCode());
            HttpResponse<String> late = fleet.get(two.app());
            assertEquals(503, late.statusCode());
            assertTrue(late.headers().firstValue("Retry-After").isPresent());
            assertTrue(state("node-2"), state("node-2").contains("drained"));
            assertEquals(
                    "node-2", status().path("standing").path(0).path("node").asText());
            long before = balancer.answers(two);

            fleet.run("push", Apps.app("later", "1.0.0").build(fleet.root()).toString())
                    .succeeded();
            assertEquals("a drained node gets nothing new", 1, appNodes("later"));
            assertEquals("nobody was sent there", before, balancer.answers(two));

            fleet.run("node", "uncordon", "node-2").succeeded();
            Await.until("node-2 is used again", Fleet.DEADLINE, () -> balancer.answers(two) > before + 100);
            Await.until("it gets what it has missed", Fleet.DEADLINE, () -> appNodes("later") == 2);
            balancer.assertNothingFailed();
        }
    }

    private static int appNodes(String app) throws Exception {
        for (JsonNode each : status().path("apps")) {
            if (each.path("app").asText().equals(app)) {
                return each.path("serving").asInt();
            }
        }
        return -1;
    }

    @Test
    public void maintenanceIsEverywhereAndEndsThoughTheSeedIsDead() throws Exception {
        Fleet.Result on = fleet.run("fleet", "maintenance", "on", "--until", "10s", "--message", "back <soon>")
                .succeeded();
        String key = on.output()
                .lines()
                .filter(line -> line.startsWith("key: "))
                .findFirst()
                .orElse("");
        assertTrue(on.toString(), key.length() > 40);
        for (String node : List.of("node-1", "node-2")) {
            Await.until(
                    node + " has heard",
                    Fleet.DEADLINE,
                    () -> fleet.get(shop(node)).statusCode() == 503);
        }
        assertTrue(fleet.get(shop("node-2")).body().contains("back <soon>"));
        assertTrue(fleet.run("status").succeeded().output().contains("maintenance of all apps"));

        fleet.kill("node-1");
        Await.until(
                "it ends by itself",
                Fleet.DEADLINE,
                () -> fleet.get(shop("node-2")).statusCode() == 200);

        fleet.up();
        Await.until(
                "both are there",
                Fleet.DEADLINE,
                () -> status().path("connected").asInt() == 2);
        assertTrue(
                "nothing that was not asked for", status().path("maintenance").isEmpty());
        assertEquals(200, fleet.get(shop("node-1")).statusCode());

        fleet.run("fleet", "maintenance", "on", "--app", "shop", "--read-only").succeeded();
        fleet.run("fleet", "maintenance", "off").succeeded();
        assertTrue(status().path("maintenance").isEmpty());
    }
}
