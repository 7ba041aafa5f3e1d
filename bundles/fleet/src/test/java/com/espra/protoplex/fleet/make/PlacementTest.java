package com.espra.protoplex.fleet.make;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildManifest;
import com.espra.protoplex.fleet.build.Jars;
import com.espra.protoplex.fleet.sign.AuthorKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** In which processes of a node a unit runs: what its feature says, what goes without saying, and what is refused. */
public class PlacementTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final BuildMaker maker = new BuildMaker(AuthorKey.create(), InstantSource.fixed(Instant.EPOCH), List.of());

    private Build build(String unit) throws Exception {
        Path root = folder.getRoot().toPath();
        Jars.bundle(root.resolve("hello-1.0.1.jar"), "com.example.hello", "1.0.1");
        Path feature = Files.writeString(
                root.resolve("feature.json"),
                "{\"id\": \"com.example:shop:1\", \"bundles\": [\"com.example:hello:1.0.1\"], \"extensions\":"
                        + " {\"protoplex.unit\": {\"type\": \"json\", \"kind\": \"mandatory\", \"json\": " + unit
                        + "}}}");
        return maker.make(List.of(feature), BuildMaker.Wish.NONE).signed().build();
    }

    private BuildException refusal(String unit) {
        return assertThrows(unit, BuildException.class, () -> build(unit));
    }

    private static String manifest(Build build) throws Exception {
        return new String(BuildManifest.write(build), StandardCharsets.UTF_8);
    }

    private static Build read(String manifest) throws Exception {
        return BuildManifest.read(manifest.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void eachProcessUnlessItTakesOver() throws Exception {
        assertEquals(Build.Placement.EACH, build("{\"kind\": \"role\"}").placement());
        assertEquals(
                Build.Placement.ONE,
                build("{\"kind\": \"role\", \"takeOver\": true}").placement());
        assertEquals(
                "an app is no exception",
                Build.Placement.ONE,
                build("{\"takeOver\": true}").placement());
        assertEquals(
                Build.Placement.ONE,
                build("{\"kind\": \"role\", \"placement\": \"one\"}").placement());
        assertEquals(
                Build.Placement.EACH,
                build("{\"kind\": \"role\", \"takeOver\": false, \"placement\": \"each\"}")
                        .placement());
    }

    @Test
    public void whatTakesOverIsNotPlacedInEach() throws Exception {
        BuildException e = refusal("{\"kind\": \"role\", \"takeOver\": true, \"placement\": \"each\"}");
        assertTrue(e.getMessage(), e.getMessage().contains("\"placement\" is \"each\""));
        assertTrue(e.remedy(), e.remedy().contains("leave 'placement' out"));
    }

    @Test
    public void anUnknownWordIsAnsweredWithTheNearest() {
        assertTrue(refusal("{\"placement\": \"once\"}").getMessage().contains("no placement 'once'"));
        assertTrue(refusal("{\"placement\": \"once\"}").remedy().contains("did you mean 'one'"));
        assertTrue(refusal("{\"placement\": \"eech\"}").remedy().contains("did you mean 'each'"));
        assertTrue(refusal("{\"placement\": 1}").getMessage().contains("no placement 1"));
        assertTrue(refusal("{\"placement\": \"\"}").getMessage().contains("no placement ''"));
        assertTrue(refusal("{\"placment\": \"one\"}").remedy().contains("did you mean 'placement'"));
        assertTrue(refusal("{\"kind\": \"rolle\"}").remedy().contains("did you mean 'role'"));
        assertTrue(
                refusal("{\"takeOver\": \"yes\"}").getMessage().contains("'takeOver' in 'protoplex.unit' is \"yes\""));
    }

    /** A Protoplex that knows no placement refuses a manifest that says one; most need not say any. */
    @Test
    public void whatGoesWithoutSayingIsNotSaid() throws Exception {
        assertFalse(manifest(build("{\"kind\": \"role\"}")).contains("placement"));
        assertFalse(manifest(build("{\"kind\": \"role\", \"takeOver\": true}")).contains("placement"));
        assertTrue(
                manifest(build("{\"kind\": \"role\", \"placement\": \"one\"}")).contains("\"placement\" : \"one\""));
    }

    @Test
    public void aManifestComesBackAsItWas() throws Exception {
        for (String unit : List.of(
                "{\"kind\": \"role\"}",
                "{\"kind\": \"role\", \"takeOver\": true}",
                "{\"kind\": \"role\", \"placement\": \"one\"}",
                "{\"placement\": \"one\", \"takeOver\": true}")) {
            Build build = build(unit);
            assertEquals(unit, build, read(manifest(build)));
        }
    }

    /** Manifests of others come to the Seed and to nodes, too. */
    @Test
    public void aManifestThatSaysTheWrongThingIsRefused() throws Exception {
        String one = manifest(build("{\"kind\": \"role\", \"placement\": \"one\"}"));
        BuildException unknown = assertThrows(BuildException.class, () -> read(one.replace("\"one\"", "\"two\"")));
        assertTrue(unknown.getMessage(), unknown.getMessage().contains("no placement 'two'"));
        String takesOver = one.replace("\"placement\" : \"one\"", "\"takeOver\" : true, \"placement\" : \"each\"");
        BuildException each = assertThrows(BuildException.class, () -> read(takesOver));
        assertTrue(each.getMessage(), each.getMessage().contains("placed in each process"));
    }
}
