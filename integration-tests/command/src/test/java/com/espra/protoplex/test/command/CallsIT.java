package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;

/** The two roles of the handbook: one is called by the other, from another node. */
public class CallsIT {

    @Rule
    public final Fleet fleet = new Fleet();

    /** A role of one class of the handbook. */
    private Path role(String name, String version, String source) throws IOException {
        Path target = Files.createDirectories(fleet.root().resolve(name + "-" + version));
        TestBundle.named(name).version(version).source(source).build(target);
        return Files.writeString(target.resolve(name + ".json"), """
                {"feature-resource-version": "1.0", "id": "com.example:%1$s:%2$s",
                 "bundles": [{"id": "com.example:%1$s:%2$s"}],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "role"}}}}
                """.formatted(name, version));
    }

    private Path stock(String version) throws IOException {
        String source = Handbook.example("writing-roles.md", "stock");
        return role("stock", version, source.replace("twelve", "twelve of " + version));
    }

    private Path shop() throws IOException {
        return role("shop", "1.0.0", Handbook.example("writing-roles.md", "shop"));
    }

    private HttpResponse<String> shop(String node) throws Exception {
        return fleet.get(URI.create(fleet.address(node, "http") + "/shop"));
    }

    private String metrics(String node) throws Exception {
        return fleet.get(URI.create(fleet.address(node, "meta") + "/metrics")).body();
    }

    @Test
    public void aRoleCallsAnotherOnAnotherNodeWhileThatIsSwapped() throws Exception {
        fleet.up("--nodes", "2");
        fleet.run("push", shop().toString()).succeeded();
        fleet.run("role", "add", "node-1", "shop").succeeded();
        assertTrue(shop("node-1").body(), shop("node-1").body().contains("stock is not called"));
        fleet.run("push", stock("1.0.0").toString()).succeeded();
        fleet.run("role", "add", "node-2", "stock").succeeded();
        Await.until(
                "node-1 has heard where it is",
                Fleet.DEADLINE,
                () -> shop("node-1").body().equals("in stock: twelve of 1.0.0"));

        try (Load load = new Load(
                URI.create(fleet.address("node-1", "http")).getPort(),
                "/shop",
                8,
                answer -> answer.startsWith("in stock: twelve of 1."))) {
            Await.until("it is asked", Fleet.DEADLINE, () -> load.requests() > 100);
            fleet.run("push", stock("1.1.0").toString()).succeeded();
            long before = load.requests();
            Await.until("it is asked on", Fleet.DEADLINE, () -> load.requests() > before + 100);
            fleet.run("rollback", "stock").succeeded();
            fleet.run("push", stock("1.2.0").toString()).succeeded();
            long after = load.requests();
            Await.until("it is asked on", Fleet.DEADLINE, () -> load.requests() > after + 100);
            load.close();
            load.assertNothingFailed();
        }
        assertEquals("in stock: twelve of 1.2.0", shop("node-1").body());

        URI stranger = URI.create(fleet.address("node-2", "meta") + "/v1/fleet/stock/books");
        assertEquals("without the token", 401, fleet.get(stranger).statusCode());
        String counted = metrics("node-2");
        assertTrue(counted, counted.contains("protoplex_calls_received_total{answer=\"stranger\"} 1.0"));
        assertTrue(counted, counted.contains("protoplex_calls_received_total{answer=\"role\"}"));
        assertTrue(metrics("node-1").contains("protoplex_call_seconds_count{answer=\"role\"}"));
        assertEquals(
                "never on a public listener",
                404,
                fleet.get(URI.create(fleet.address("node-2", "http") + "/v1/fleet/stock/books"))
                        .statusCode());

        fleet.run("role", "add", "node-1", "stock").succeeded();
        fleet.kill("node-2");
        assertEquals(
                "its own process is enough",
                "in stock: twelve of 1.2.0",
                shop("node-1").body());
        fleet.run("role", "remove", "node-1", "stock").succeeded();
        String gone = shop("node-1").body();
        assertTrue(gone, gone.contains("stock on node-2 failed") && gone.contains("cannot be reached"));
    }

    @Test
    public void childrenCallChildrenWhileTheyAreSwappedAndKilled() throws Exception {
        fleet.up("--nodes", "2", "--children", "2");
        fleet.run("push", shop().toString()).succeeded();
        fleet.run("role", "add", "node-1", "shop").succeeded();
        fleet.run("push", stock("1.0.0").toString()).succeeded();
        fleet.run("role", "add", "node-2", "stock").succeeded();
        Await.until("each child of node-1 has heard where it is", Fleet.DEADLINE, this::isAnsweredTenTimes);

        try (Load asking = new Load(
                URI.create(fleet.address("node-1", "http")).getPort(),
                "/shop",
                8,
                answer -> answer.startsWith("in stock: twelve of 1."))) {
            awaitMore(asking);
            fleet.run("push", stock("1.1.0").toString()).succeeded();
            awaitMore(asking);
            long victim = fleet.serving("node-2").iterator().next();
            assertTrue(ProcessHandle.of(victim).orElseThrow().destroyForcibly());
            Await.until("it is gone", Fleet.DEADLINE, () -> !Fleet.isRunning(victim));
            awaitMore(asking);
            Await.until(
                    "two serve again",
                    Fleet.DEADLINE,
                    () -> fleet.serving("node-2").size() == 2);
            awaitMore(asking);
            asking.close();
            asking.assertNothingFailed();
        }
        assertEquals("in stock: twelve of 1.1.0", shop("node-1").body());
    }

    private static void awaitMore(Load load) {
        long before = load.requests();
        Await.until("it is asked on", Fleet.DEADLINE, () -> load.requests() > before + 100);
    }

    /** Connections are spread over the children. */
    private boolean isAnsweredTenTimes() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                String answer = client.send(
                                HttpRequest.newBuilder(URI.create(fleet.address("node-1", "http") + "/shop"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                if (!answer.equals("in stock: twelve of 1.0.0")) {
                    return false;
                }
            }
        }
        return true;
    }
}
