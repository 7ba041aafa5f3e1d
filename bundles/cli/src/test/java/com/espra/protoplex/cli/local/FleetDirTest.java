package com.espra.protoplex.cli.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FleetDirTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;

    @Before
    public void root() throws IOException {
        root = folder.getRoot().toPath().toRealPath();
    }

    @Test
    public void theOptionComesFirst() throws IOException {
        Path named = fleet("named");
        fleet("variable");
        fleet(".protoplex");

        assertEquals(
                named, FleetDir.find(environment(root, "variable"), "named").path());
    }

    @Test
    public void thenTheVariable() throws IOException {
        Path variable = fleet("variable");
        fleet(".protoplex");

        assertEquals(
                variable, FleetDir.find(environment(root, "variable"), null).path());
    }

    @Test
    public void thenTheNearestAbove() throws IOException {
        fleet(".protoplex");
        Path nearer = fleet("a/.protoplex");
        Path deep = Files.createDirectories(root.resolve("a/b/c"));

        assertEquals(nearer, FleetDir.find(environment(deep, ""), null).path());
    }

    @Test
    public void aFolderWithoutAFleetIsPassedBy() throws IOException {
        Path fleet = fleet(".protoplex");
        Path deep = Files.createDirectories(root.resolve("a/b"));
        Files.createDirectories(root.resolve("a/.protoplex"));

        assertEquals(fleet, FleetDir.find(environment(deep, ""), null).path());
    }

    @Test
    public void thenTheOneBesideTheScript() throws IOException {
        Path beside = fleet("checkout/.protoplex");
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));

        Environment environment = new Cli(elsewhere)
                .checkout(root.resolve("checkout"))
                .environment(new StringWriter(), new StringWriter());

        assertEquals(beside, FleetDir.find(environment, null).path());
    }

    @Test
    public void noneIsExplained() {
        CliException none = assertThrows(CliException.class, () -> FleetDir.find(environment(root, ""), null));

        assertEquals(3, none.status());
        assertTrue(none.next(), none.next().contains("protoplex up"));
    }

    @Test
    public void aNamedOneThatIsNotThereIsNotReplacedByAnother() throws IOException {
        fleet(".protoplex");

        CliException none = assertThrows(CliException.class, () -> FleetDir.find(environment(root, ""), "other"));

        assertEquals(3, none.status());
        assertTrue(
                none.getMessage(),
                none.getMessage().contains(root.resolve("other").toString()));
    }

    @Test
    public void upTakesTheWorkingDirectory() throws IOException {
        fleet(".protoplex");
        Path deep = Files.createDirectories(root.resolve("a"));

        assertEquals(
                deep.resolve(".protoplex"),
                FleetDir.forUp(environment(deep, ""), null).path());
        assertEquals(
                deep.resolve("x"), FleetDir.forUp(environment(deep, "x"), null).path());
    }

    @Test
    public void nodesAreInTheOrderOfTheirNumbers() throws IOException {
        FleetDir dir = new FleetDir(root);
        for (int number : new int[] {10, 2, 1}) {
            Files.createDirectories(dir.node("node-" + number));
        }

        assertEquals(java.util.List.of("node-1", "node-2", "node-10"), dir.nodeNames());
    }

    private Path fleet(String path) throws IOException {
        Path fleet = Files.createDirectories(root.resolve(path));
        Files.writeString(fleet.resolve("fleet.json"), "{}");
        return fleet;
    }

    private static Environment environment(Path workingDirectory, String variable) {
        return new Cli(workingDirectory)
                .with("PROTOPLEX_DIR", variable)
                .environment(new StringWriter(), new StringWriter());
    }
}
