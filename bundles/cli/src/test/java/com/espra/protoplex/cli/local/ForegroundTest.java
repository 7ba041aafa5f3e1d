package com.espra.protoplex.cli.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Await;
import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.FakeHost;
import com.espra.protoplex.cli.Protoplex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code up} in a process of its own that waits in the foreground. */
public class ForegroundTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root = Path.of("");
    private FleetDir dir = new FleetDir(root);
    private Process up;

    @Before
    public void start() throws Exception {
        root = folder.getRoot().toPath().toRealPath();
        dir = new FleetDir(root.resolve(".protoplex"));
        Path distribution = FakeHost.distribution(Files.createDirectories(root.resolve("dist")));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dprotoplex.home=" + distribution));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Protoplex.class.getName()));
        command.addAll(List.of("up", "--nodes", "2", "--port-offset", Integer.toString(LocalFleet.freeOffset())));
        up = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("up.out").toFile())
                .start();
        Await.until("both nodes serve", () -> said().contains("Ctrl-C stops the fleet") || !up.isAlive());
        assertTrue(said(), up.isAlive());
    }

    @After
    public void endWhatIsLeft() throws IOException {
        up.destroyForcibly();
        FleetState.read(dir).nodes().forEach(node -> node.process().kill());
    }

    @Test
    public void sigtermStopsTheNodesInOrderAndIsNoFailure() throws Exception {
        up.destroy();

        assertEnded(0);
        assertTrue(said(), said().indexOf("stopping node-2") < said().indexOf("stopping node-1"));
        assertTrue(said(), said().contains("The fleet has stopped."));
        assertAllStoppedInOrder();
    }

    @Test
    public void downEndsTheWaitingUpToo() throws Exception {
        new Cli(root).run("down").ended(0);

        assertEnded(0);
        assertAllStoppedInOrder();
    }

    @Test
    public void aNodeThatDiesIsReportedAndTakesTheOthersAlong() throws Exception {
        FleetState.read(dir).nodes().get(1).process().kill();

        assertEnded(1);
        assertTrue(said(), said().contains("node-2 ended with status 137"));
        assertTrue(Files.exists(dir.node("node-1").resolve("stopped")));
        assertTrue(FleetState.read(dir).alive().isEmpty());
    }

    private void assertEnded(int status) throws Exception {
        assertTrue("ends: " + said(), up.waitFor(60, TimeUnit.SECONDS));
        assertEquals(said(), status, up.exitValue());
    }

    private void assertAllStoppedInOrder() throws IOException {
        for (FleetState.RunningNode node : FleetState.read(dir).nodes()) {
            assertFalse(node.name(), node.process().alive());
            assertTrue(node.name(), Files.exists(dir.node(node.name()).resolve("stopped")));
        }
    }

    private String said() throws IOException {
        return Files.readString(root.resolve("up.out"));
    }
}
