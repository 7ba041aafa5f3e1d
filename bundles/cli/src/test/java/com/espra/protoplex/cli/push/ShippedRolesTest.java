package com.espra.protoplex.cli.push;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Bundles;
import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.Cli.Result;
import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.fleet.sign.AuthorKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A distribution with a role, and a Seed that may have it. */
public class ShippedRolesTest {

    private static final String NODES =
            "{\"nodes\":[{\"node\":\"node-1\",\"connected\":true,\"roles\":[\"app\",\"echo\"],\"units\":[]}]}";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeSeed seed = new FakeSeed();
    private Path root = Path.of("");
    private Path distribution = Path.of("");

    public ShippedRolesTest() throws IOException {}

    @Before
    public void distribution() throws IOException {
        root = folder.getRoot().toPath();
        Path fleet = seed.fleet(root.resolve(".protoplex"));
        AuthorKey.create().write(fleet.resolve("keys/author.key"), fleet.resolve("keys/author.pub"));
        distribution = root.resolve("distribution");
        Path role = Files.createDirectories(distribution.resolve("roles/echo/bundles"))
                .getParent();
        Bundles.write(role.resolve("bundles/echo-1.2.0.jar"), "com.example.echo", "1.2.0", 1000);
        Files.writeString(role.resolve("echo.json"), """
                {"feature-resource-version": "1.0", "id": "com.example:echo:1.2.0", "bundles": [{"id": "com.example:echo:1.2.0"}],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "role"}}}}
                """);
        Files.createDirectories(distribution.resolve("roles/unfinished"));
        seed.streams.add(List.of(FakeSeed.end("done", "echo 1.2.0 serves on 1 of 1 nodes", "")));
        seed.data.put("/v1/nodes", json(NODES));
    }

    @After
    public void stop() {
        seed.close();
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) throws IOException {
        return JsonTree.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private void theFleetHas(String version) throws IOException {
        seed.data.put(
                "/v1/roles",
                json("{\"roles\":[{\"role\":\"echo\",\"kind\":\"unit\",\"version\":\"" + version
                        + "\",\"nodes\":[]}]}"));
    }

    private Cli cli() {
        return new Cli(root).distribution(distribution);
    }

    @Test
    public void whatIsCompleteIsCarried() throws IOException {
        ShippedRoles shipped = ShippedRoles.of(Optional.of(distribution));
        assertEquals(List.of("echo"), shipped.names());
        assertEquals("1.2.0", shipped.version("echo"));
        assertEquals(List.of(), ShippedRoles.of(Optional.empty()).names());
    }

    @Test
    public void aRoleThatTheFleetHasNotIsPushedBeforeItIsPlaced() throws IOException {
        seed.data.put("/v1/roles", json("{\"roles\":[]}"));

        cli().run("role", "add", "node-1", "echo");

        assertEquals("1.2.0", seed.manifest().path("version").asText());
        int pushed = seed.requests.indexOf("POST /v1/apps/echo/deployments");
        assertTrue(
                seed.requests.toString(), pushed >= 0 && pushed < seed.requests.indexOf("POST /v1/nodes/node-1/roles"));
    }

    @Test
    public void aLaterVersionOfTheFleetStays() throws IOException {
        for (String version : List.of("1.2.0", "1.3.0")) {
            theFleetHas(version);

            cli().run("role", "add", "node-1", "echo");

            assertFalse(seed.requests.toString(), seed.requests.contains("POST /v1/builds"));
        }
    }

    @Test
    public void anEarlierVersionOfTheFleetMakesWay() throws IOException {
        theFleetHas("1.1.9");

        cli().run("role", "add", "node-1", "echo");

        assertTrue(seed.requests.toString(), seed.requests.contains("POST /v1/apps/echo/deployments"));
    }

    private static String known(String version, String nodes) {
        return "{\"roles\":[{\"role\":\"echo\",\"kind\":\"unit\",\"version\":\"" + version + "\",\"nodes\":[" + nodes
                + "]}]}";
    }

    /** The nodes first: the role may need what is new in them. */
    @Test
    public void anUpgradeTakesUpWhatTheNewDistributionHasInALaterVersion() throws IOException {
        seed.data.put(
                "/v1/nodes",
                json("{\"nodes\":[{\"node\":\"node-1\",\"connected\":true,\"upgrades\":"
                        + "[{\"id\":\"7\",\"state\":\"done\",\"reason\":\"\",\"seconds\":2.5}]}]}"));
        seed.data.put("/v1/roles", json(known("1.1.9", "{\"node\":\"node-1\"}")));

        Result upgrade = cli().run("upgrade").ended(0);

        assertEquals("1.2.0", seed.manifest().path("version").asText());
        int upgraded = seed.requests.indexOf("POST /v1/nodes/node-1/upgrades");
        int pushed = seed.requests.indexOf("POST /v1/apps/echo/deployments");
        assertTrue(seed.requests.toString(), upgraded >= 0 && upgraded < pushed);
        assertTrue(upgrade.toString(), upgrade.out().contains("echo 1.2.0 serves on 1 of 1 nodes"));
    }

    @Test
    public void anUpgradeLeavesALaterVersionAndARoleThatNobodyHas() throws IOException {
        seed.data.put(
                "/v1/nodes",
                json("{\"nodes\":[{\"node\":\"node-1\",\"connected\":true,\"upgrades\":"
                        + "[{\"id\":\"7\",\"state\":\"done\",\"reason\":\"\",\"seconds\":2.5}]}]}"));
        for (String roles : List.of(known("1.3.0", "{\"node\":\"node-1\"}"), known("1.1.9", ""))) {
            seed.data.put("/v1/roles", json(roles));

            cli().run("upgrade").ended(0);

            assertFalse(seed.requests.toString(), seed.requests.contains("POST /v1/builds"));
        }
    }

    @Test
    public void rolesShowsIt() throws IOException {
        seed.data.put("/v1/roles", json("{\"roles\":[]}"));

        Result roles = cli().run("roles").ended(0);

        assertTrue(roles.toString(), roles.out().contains("shipped, on no node"));
    }
}
