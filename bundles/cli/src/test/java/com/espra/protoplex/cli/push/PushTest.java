package com.espra.protoplex.cli.push;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Bundles;
import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.Cli.Result;
import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildManifest;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class PushTest {

    private static final int BYTES = 300_000;
    private static final String DONE = FakeSeed.end("done", "hello 1.0.1 serves on 1 of 1 nodes", "");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root = Path.of("");
    private Path jar = Path.of("");
    private FakeSeed seed;

    public PushTest() throws IOException {
        seed = new FakeSeed();
    }

    @Before
    public void fleet() throws IOException {
        root = folder.getRoot().toPath();
        Path fleet = seed.fleet(root.resolve(".protoplex"));
        AuthorKey.create().write(fleet.resolve("keys/author.key"), fleet.resolve("keys/author.pub"));
        jar = Bundles.write(root.resolve("hello-1.0.1.jar"), "com.example.hello", "1.0.1", BYTES);
        seed.streams.add(
                List.of(FakeSeed.step("node-1", "FETCH", "DONE"), FakeSeed.step("node-1", "FLIP", "DONE"), DONE));
    }

    @After
    public void stop() {
        seed.close();
    }

    @Test
    public void uploadsSignsDeploysAndSaysWhatServes() throws Exception {
        Result push = cli().run("push", jar.toString()).ended(0);

        assertTrue(push.toString(), push.out().endsWith("hello 1.0.1 serves on 1 of 1 nodes" + System.lineSeparator()));
        assertTrue(push.toString(), push.out().contains("node-1 flip, 1.5 ms"));
        assertArrayEquals(Files.readAllBytes(jar), onlyFile().getValue());
        assertEquals("hello", seed.manifest().path("unit").asText());
        assertEquals("1.0.1", seed.manifest().path("version").asText());
        assertFalse(seed.posted
                .get("/v1/apps/hello/deployments")
                .path("by")
                .asText()
                .isEmpty());
    }

    @Test
    public void sendsOnlyWhatIsMissing() {
        cli().run("push", jar.toString()).ended(0);
        seed.requests.clear();

        cli().run("push", jar.toString()).ended(0);

        assertTrue(seed.requests.toString(), seed.requests.stream().noneMatch(request -> request.startsWith("PUT")));
    }

    @Test
    public void goesOnWhereAnUploadWasCut() throws Exception {
        byte[] whole = Files.readAllBytes(jar);
        cli().run("push", jar.toString()).ended(0);
        String hash = onlyFile().getKey();
        seed.files.clear();
        seed.parts.put(hash, Arrays.copyOf(whole, 100_000));

        cli().run("push", jar.toString()).ended(0);

        assertArrayEquals(whole, onlyFile().getValue());
    }

    @Test
    public void theNameMayBeAnother() throws Exception {
        cli().run("push", jar.toString(), "--app", "greeter").ended(0);

        assertEquals("greeter", seed.manifest().path("unit").asText());
        assertTrue(seed.posted.containsKey("/v1/apps/greeter/deployments"));
    }

    /** They are of the build, and signed with it. */
    @Test
    public void whatTheBuildMayDoIsInItsManifest() throws Exception {
        cli().run("push", jar.toString()).ended(0);
        assertFalse(seed.manifest().path("dropRoutes").asBoolean());

        cli().run("push", jar.toString(), "--drop-routes", "--app", "greeter", "--ready", "7", "--drain", "8")
                .ended(0);

        assertTrue(
                seed.manifest().toString(), seed.manifest().path("dropRoutes").asBoolean());
        assertEquals("greeter", seed.manifest().path("unit").asText());
        assertEquals(7, seed.manifest().path("readySeconds").asInt());
        assertEquals(8, seed.manifest().path("drainSeconds").asInt());
        Build build = BuildManifest.read(Base64.getDecoder()
                .decode(seed.posted.get("/v1/builds").path("manifest").asText()));
        assertTrue("and a node reads it", build.dropRoutes());
        assertTrue(seed.requests.contains("POST /v1/apps/greeter/deployments"));
    }

    @Test
    public void whereItIsIsSaid() throws Exception {
        seed.data.put("/v1/routes", JsonTree.parse("""
                {"routes":[{"route":"/hello/*","app":"hello","version":"1.0.1","node":"node-1","address":"http://localhost:8080"},
                           {"route":"/hello/*","app":"hello","version":"1.0.1","node":"node-2","address":"http://localhost:9090"},
                           {"route":"/other","app":"other","version":"1.0.1","node":"node-1","address":"http://localhost:8080"}]}
                """.getBytes(StandardCharsets.UTF_8)));
        Result push = cli().run("push", jar.toString()).ended(0);
        assertTrue(push.toString(), push.out().contains("  http://localhost:8080/hello/" + System.lineSeparator()));
        assertFalse(push.toString(), push.out().contains("9090") || push.out().contains("other"));

        seed.data.put("/v1/routes", JsonTree.parse("{\"routes\":[]}".getBytes(StandardCharsets.UTF_8)));
        Result without = cli().run("push", jar.toString()).ended(0);
        assertTrue(without.toString(), without.out().contains("hello has no route"));
    }

    @Test
    public void aProjectIsWhatItHasBuilt() throws Exception {
        Path project = Files.createDirectories(folder.getRoot().toPath().resolve("project"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Result unbuilt = cli().run("push", "project").ended(2);
        assertTrue(unbuilt.toString(), unbuilt.err().contains("build it first: mvn"));
        Path target = Files.createDirectories(project.resolve("target"));
        Bundles.write(target.resolve("hello-1.0.1.jar"), "com.example.hello", "1.0.1", 100);
        cli().run("push", "project").ended(0);
        assertEquals("1.0.1", seed.manifest().path("version").asText());
        Bundles.write(target.resolve("hello-1.0.10.jar"), "com.example.hello", "1.0.10", 100);
        cli().run("push", "project/target").ended(0);
        assertEquals(
                "the newest of a folder",
                "1.0.10",
                seed.manifest().path("version").asText());
    }

    @Test
    public void aRefusalIsSaidOnceAndFits() {
        String reason = "the package com.example.missing is needed by hello, and no bundle of the build exports it";
        String step = FakeSeed.step("node-1", "PREFLIGHT", "FAILED")
                .replace("\"detail\":\"\"", "\"detail\":\"" + reason + "\"");
        String result = step.replace("PREFLIGHT", "RESULT");
        seed.streams.set(
                0, List.of(step, result, FakeSeed.end("refused", "node-1 refused hello 1.0.1: " + reason, reason)));
        Result push = cli().columns(60).run("push", jar.toString()).ended(1);
        String all = (push.out() + push.err()).replaceAll("\\s+", " ");
        assertEquals(push.toString(), all.indexOf("com.example.missing"), all.lastIndexOf("com.example.missing"));
        assertTrue(push.toString(), push.err().lines().allMatch(line -> line.length() <= 60));
    }

    @Test
    public void hintsCanBeTypedAsTheyArePrinted() {
        seed.problems.put("/v1/builds", FakeSeed.problem(409, "no", "./protoplex builds shows what there is"));
        assertTrue(cli().typedAs("../protoplex")
                .run("push", jar.toString())
                .ended(1)
                .err()
                .contains("next: ../protoplex builds shows"));
        assertTrue(cli().run("push", jar.toString()).ended(1).err().contains("next: protoplex builds shows"));
    }

    @Test
    public void aRefusalNamesNodeReasonAndWhatServes() {
        seed.streams.set(0, List.of(FakeSeed.end("refused", "hello 1.0.1 was refused", "no import org.nowhere")));

        Result push = cli().run("push", jar.toString()).ended(1);

        for (String part : List.of("hello 1.0.1 was refused", "node-1: no import org.nowhere", "mend it")) {
            assertTrue(part + " in " + push, push.err().contains(part));
        }
    }

    @Test
    public void eventsThatAreCutAreAskedForAgainAndToldOnce() {
        String fetch = FakeSeed.step("node-1", "FETCH", "DONE");
        seed.streams.set(0, List.of(fetch));
        seed.streams.add(List.of(fetch, FakeSeed.step("node-1", "FLIP", "DONE"), "", DONE));

        Result push = cli().run("push", jar.toString()).ended(0);

        assertEquals(
                push.toString(),
                1,
                push.out().lines().filter(line -> line.contains("fetch")).count());
        assertTrue(push.toString(), push.out().contains("flip"));
    }

    @Test
    public void aProblemOfTheSeedIsToldInItsWords() {
        seed.problems.put(
                "/v1/builds", FakeSeed.problem(409, "hello 1.0.1 is here with other content", "give it a new version"));

        Result push = cli().run("push", jar.toString()).ended(1);

        assertTrue(push.toString(), push.err().contains("hello 1.0.1 is here with other content"));
        assertTrue(push.toString(), push.err().contains("give it a new version"));
    }

    @Test
    public void whatIsNoBundleIsRefusedBeforeAnythingIsSent() throws IOException {
        Path text = Files.writeString(root.resolve("a.jar"), "no zip");

        Result push = cli().run("push", text.toString()).ended(1);

        assertFalse(push.toString(), push.err().contains("\tat "));
        assertTrue(seed.requests.toString(), seed.requests.isEmpty());
    }

    @Test
    public void usage() {
        cli().run("push").ended(2);
        cli().run("push", "nowhere.jar").ended(2);
        assertTrue(
                cli().run("push", jar.toString(), "--bake", "5m").ended(2).err().contains("no waves"));
    }

    @Test
    public void aDryRunMovesNothing() {
        seed.answers.put(
                "/v1/apps/hello/rehearsals",
                JsonTree.object().put("app", "hello").put("version", "1.0.1").put("previousVersion", "1.0.0"));
        Result dry = cli().run("push", jar.toString(), "--dry-run").ended(0);
        assertTrue(dry.toString(), dry.out().contains("hello 1.0.0 -> 1.0.1: nothing has moved"));
        assertFalse(seed.posted.toString(), seed.posted.containsKey("/v1/apps/hello/deployments"));

        ObjectNode bad = JsonTree.object().put("app", "hello").put("version", "1.0.1");
        bad.putArray("nodes")
                .addObject()
                .put("node", "node-1")
                .put("state", "refused")
                .put("reason", "no package com.example");
        bad.putObject("changes").putArray("routes").add("+ /hello");
        seed.answers.put("/v1/apps/hello/rehearsals", bad);
        Result refused = cli().run("push", jar.toString(), "--dry-run").ended(1);
        assertTrue(refused.toString(), refused.out().contains("+ /hello"));
        assertTrue(refused.toString(), refused.err().contains("node-1: no package com.example"));
    }

    /** What goes beyond what a node has is refused by name, before any is told to move. */
    @Test
    public void aPushIsLookedAtByNodesFirst() {
        ObjectNode bad = JsonTree.object().put("app", "hello").put("version", "1.0.1");
        bad.putArray("nodes")
                .addObject()
                .put("node", "node-1")
                .put("state", "refused")
                .put("reason", "no package com.example");
        seed.answers.put("/v1/apps/hello/rehearsals", bad);
        Result refused = cli().run("push", jar.toString()).ended(1);
        assertTrue(refused.toString(), refused.err().contains("node-1: no package com.example"));
        assertTrue(refused.toString(), refused.err().contains("no node was told of it"));
        assertFalse(
                "the Seed forgets it only if it was refused",
                seed.posted.get("/v1/apps/hello/rehearsals").has("dryRun"));
        assertFalse(seed.posted.toString(), seed.posted.containsKey("/v1/apps/hello/deployments"));

        ((ObjectNode) bad.path("nodes").get(0)).put("state", "unknown");
        cli().run("push", jar.toString()).ended(0);
        assertTrue(seed.posted.toString(), seed.posted.containsKey("/v1/apps/hello/deployments"));
    }

    @Test
    public void aSeedThatAsksNoNodesFirstIsPushedToAllTheSame() {
        seed.problems.put("/v1/apps/hello/rehearsals", FakeSeed.problem(404, "there is nothing here", ""));
        cli().run("push", jar.toString()).ended(0);
        seed.problems.put("/v1/apps/hello/rehearsals", FakeSeed.problem(500, "the disk fails", "look at it"));
        assertTrue(cli().run("push", jar.toString()).ended(1).err().contains("the disk fails"));
    }

    @Test
    public void wavesAreASeedsThatKnowsThem() {
        String old = cli().run("push", jar.toString(), "--wave", "canary,100%")
                .ended(1)
                .err();
        assertTrue(old, old.contains("of a version without waves"));
        assertFalse(seed.posted.toString(), seed.posted.containsKey("/v1/builds"));

        seed.data.put("/v1/rollouts", JsonTree.object());
        cli().run("push", jar.toString(), "--wave", "canary,100%", "--bake", "soon")
                .ended(2);
        cli().run("push", jar.toString(), "--wave", "canary,100%", "--gate", "maybe")
                .ended(2);
        cli().run(
                        "push",
                        jar.toString(),
                        "--wave",
                        "canary, 25%,100%",
                        "--bake",
                        "5m",
                        "--max-unavailable",
                        "10%",
                        "--deadline",
                        "2h",
                        "--max-errors",
                        "0.5")
                .ended(0);
        assertEquals(
                "{\"waves\":[\"canary\",\"25%\",\"100%\"],\"bakeSeconds\":300,\"deadlineSeconds\":7200,"
                        + "\"maxUnavailable\":\"10%\",\"gate\":{\"on\":true,\"errorPoints\":0.5}}",
                seed.posted.get("/v1/apps/hello/deployments").path("rollout").toString());
    }

    @Test
    public void aSeedThatIsAwayIsNamed() {
        seed.close();

        Result push = cli().run("push", jar.toString()).ended(3);

        assertTrue(push.toString(), push.err().contains(seed.address()));
        assertTrue(push.toString(), push.err().contains("protoplex up"));
    }

    @Test
    public void aWrongTokenIsExplained() throws IOException {
        Files.writeString(root.resolve(".protoplex/operator.token"), "another");

        Result push = cli().run("push", jar.toString()).ended(1);

        assertTrue(push.toString(), push.err().contains("token"));
    }

    @Test
    public void rollbackAndRemove() {
        Result back = cli().run("rollback", "hello", "1.0.0").ended(0);
        assertEquals(
                "1.0.0",
                seed.posted.get("/v1/apps/hello/rollback").path("version").asText());
        assertTrue(back.toString(), back.out().contains("serves on 1 of 1"));

        cli().run("remove", "hello").ended(0);
        assertTrue(seed.requests.contains("DELETE /v1/apps/hello"));

        seed.problems.put("/v1/apps/nothing", FakeSeed.problem(404, "there is no app nothing", ""));
        cli().run("remove", "nothing").ended(1);
        cli().run("remove", "../nodes").ended(2);
    }

    private Map.Entry<String, byte[]> onlyFile() {
        assertEquals(1, seed.files.size());
        return seed.files.entrySet().iterator().next();
    }

    private Cli cli() {
        return new Cli(root);
    }
}
