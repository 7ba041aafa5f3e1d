package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** Several nodes on one machine. */
public class NodesIT {

    @Rule
    public final Fleet fleet = new Fleet();

    @Test
    public void theyMoveTogetherAndOneThatIsGoneForGoodIsForgotten() throws Exception {
        // The distribution may be named by a path from here: each node starts in a folder of its own.
        fleet.use(fleet.root().toRealPath().relativize(Fleet.DISTRIBUTION.toRealPath()));
        fleet.up("--nodes", "3", "--roles", "node-2=datastore,app");
        assertEquals("node-2", nodesOf("datastore"));
        assertEquals("node-1,node-2,node-3", nodesOf("app"));

        Fleet.Result push =
                fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString()).succeeded();

        assertTrue(push.toString(), push.output().contains("hello 1.0.0 serves on 3 of 3 nodes"));
        assertEquals(3, nodes());

        fleet.run("nodes", "--forget", "node-2").failedWith(1);
        fleet.kill("node-2");
        Await.until(
                "node-2 is away",
                Fleet.DEADLINE,
                () -> fleet.api("/v1/status").path("connected").asInt() == 2);
        Fleet.Result rest = fleet.run("nodes", "--forget", "node-2").succeeded();
        assertFalse(rest.toString(), rest.output().contains("node-2"));
        assertEquals(2, nodes());
    }

    /** As a developer has them. */
    @Test
    public void allRolesOfTheDistributionServeInOneProcess() throws Exception {
        fleet.up("--roles", "all");
        try (Stream<Path> roles = Files.list(Fleet.DISTRIBUTION.resolve("roles"))) {
            for (Path role : roles.toList()) {
                assertEquals(
                        role.toString(), "node-1", nodesOf(role.getFileName().toString()));
            }
        }
        fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString()).succeeded();
        assertEquals(
                200,
                fleet.get(URI.create(fleet.address("node-1", "http") + "/hello"))
                        .statusCode());
        assertEquals(
                200,
                fleet.get(URI.create(fleet.address("node-1", "meta") + "/health/ready"))
                        .statusCode());
    }

    /** Where a role serves. */
    private String nodesOf(String role) throws IOException, InterruptedException {
        return fleet.run("roles", "--json")
                .succeeded()
                .json()
                .path("roles")
                .valueStream()
                .filter(each -> each.path("role").asText().equals(role))
                .flatMap(each -> each.path("nodes").valueStream())
                .filter(node -> !node.path("version").asText().isEmpty())
                .map(node -> node.path("node").asText())
                .collect(Collectors.joining(","));
    }

    private int nodes() throws IOException, InterruptedException {
        return fleet.run("nodes", "--json").succeeded().json().path("nodes").size();
    }
}
