package com.espra.protoplex.agent.directory;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.directory.DirectoryListener;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a node shows of the fleet when parts come, get lost, come twice, or stay away. */
public class NodeDirectoryTest {

    private static final long EPOCH = 7_000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<FleetSnapshot> heard = new ArrayList<>();
    private final List<DirectoryListener> listeners = new ArrayList<>(List.of(heard::add));
    private NodeDirectory directory;

    @Before
    public void start() {
        directory = open();
    }

    private NodeDirectory open() {
        NodeDirectory made = new NodeDirectory(path(), Runnable::run, () -> listeners);
        made.linkedIf(() -> true);
        return made;
    }

    private Path path() {
        return folder.getRoot().toPath();
    }

    private static LinkFrame.Row row(String node, String version) {
        return new LinkFrame.Row(
                node,
                false,
                "local",
                Set.of("app"),
                true,
                1_000,
                "HEALTHY",
                Map.of("meta", "http://" + node),
                List.of(new LinkFrame.Unit("hello", version, "", List.of("/hello"), 0)));
    }

    private static LinkFrame.Directory part(long from, long number, long head, LinkFrame.Row... rows) {
        return part(EPOCH, from, number, head, rows);
    }

    private static LinkFrame.Directory part(long epoch, long from, long number, long head, LinkFrame.Row... rows) {
        return new LinkFrame.Directory(epoch, from, number, head, 1_000_000 + number, List.of(rows));
    }

    private Set<String> names() {
        return new TreeSet<>(directory.snapshot().orElseThrow().nodes().keySet());
    }

    private String version(String node) {
        return directory
                .snapshot()
                .orElseThrow()
                .nodes()
                .get(node)
                .units()
                .get("hello")
                .version();
    }

    @Test
    public void whatIsUnknownIsNotAnEmptyFleet() {
        assertEquals(Optional.empty(), directory.snapshot());
        assertFalse(directory.isCurrent());
        assertEquals(LinkFrame.Follow.ALL, directory.follow());
    }

    @Test
    public void aSnapshotAndThenItsChanges() {
        assertTrue(directory.take(part(0, 2, 2, row("node-1", "1"), row("node-2", "1"))));
        assertEquals(Set.of("node-1", "node-2"), names());
        assertTrue(directory.isCurrent());
        assertTrue(directory.take(part(2, 3, 3, row("node-2", "2"))));
        assertEquals("2", version("node-2"));
        assertEquals("1", version("node-1"));
        FleetSnapshot newest = directory.snapshot().orElseThrow();
        assertEquals(3, newest.number());
        assertEquals(Instant.ofEpochMilli(1_000_003), newest.time());
        assertEquals(List.of(2L, 3L), heard.stream().map(FleetSnapshot::number).toList());
        assertEquals(
                List.of("node-1", "node-2"),
                newest.withRole("app").stream().map(node -> node.name()).toList());
    }

    @Test
    public void aSnapshotInPartsIsShownWhenItIsWhole() {
        assertTrue(directory.take(part(0, 1, 2, row("node-1", "1"))));
        assertEquals(Optional.empty(), directory.snapshot());
        assertFalse(directory.isCurrent());
        assertEquals("what is not whole is asked for anew", LinkFrame.Follow.ALL, directory.follow());
        assertTrue(directory.take(part(1, 2, 2, row("node-2", "1"))));
        assertEquals(Set.of("node-1", "node-2"), names());
    }

    @Test
    public void anotherSnapshotIsNotShownInParts() {
        directory.take(part(0, 2, 2, row("node-1", "1"), row("node-2", "1")));
        directory.take(part(EPOCH + 1, 0, 1, 2, row("node-1", "2")));
        assertEquals("what was known is shown until all is there", Set.of("node-1", "node-2"), names());
        assertEquals("1", version("node-1"));
        directory.take(part(EPOCH + 1, 1, 2, 2, row("node-3", "2")));
        assertEquals(Set.of("node-1", "node-3"), names());
    }

    @Test
    public void aPartThatIsLostIsMissed() {
        directory.take(part(0, 1, 1, row("node-1", "1")));
        assertFalse("change 2 is missing", directory.take(part(2, 3, 3, row("node-1", "3"))));
        assertEquals("1", version("node-1"));
        assertEquals(new LinkFrame.Follow(EPOCH, 1), directory.follow());
        assertFalse("until the Seed has answered", directory.isCurrent());
        assertTrue(directory.take(part(1, 3, 3, row("node-1", "3"))));
        assertEquals("3", version("node-1"));
        assertTrue(directory.isCurrent());
    }

    @Test
    public void aPartThatComesLateOrTwiceChangesNothing() {
        directory.take(part(0, 1, 1, row("node-1", "1")));
        directory.take(part(1, 3, 3, row("node-1", "3")));
        assertTrue(directory.take(part(1, 2, 2, row("node-1", "2"))));
        assertEquals("3", version("node-1"));
        assertEquals(3, directory.snapshot().orElseThrow().number());
    }

    @Test
    public void changesOfAnotherStartOfTheSeedAreMissedAndItsSnapshotIsTaken() {
        directory.take(part(0, 5, 5, row("node-1", "5")));
        assertFalse(directory.take(part(EPOCH + 1, 5, 6, 6, row("node-1", "6"))));
        assertTrue(directory.take(part(EPOCH + 1, 0, 1, 1, row("node-2", "1"))));
        assertEquals(Set.of("node-2"), names());
    }

    @Test
    public void aNodeThatIsForgottenIsGone() {
        directory.take(part(0, 2, 2, row("node-1", "1"), row("node-2", "1")));
        directory.take(part(2, 3, 3, LinkFrame.Row.gone("node-2")));
        assertEquals(Set.of("node-1"), names());
    }

    @Test
    public void aRestartWithoutASeedKnowsWhatWasKnownAndOfWhen() {
        directory.take(part(0, 2, 2, row("node-1", "1"), row("node-2", "1")));
        directory.save();
        directory = open();
        assertEquals(Set.of("node-1", "node-2"), names());
        assertEquals(
                Instant.ofEpochMilli(1_000_002),
                directory.snapshot().orElseThrow().time());
        assertFalse(directory.isCurrent());
        assertEquals(new LinkFrame.Follow(EPOCH, 2), directory.follow());
        assertTrue(directory.take(part(2, 2, 2)));
        assertTrue("nothing is new, and the Seed has said so", directory.isCurrent());
    }

    @Test
    public void aDamagedFileIsAsIfNothingWereKnown() throws IOException {
        Files.writeString(path().resolve("directory.json"), "{\"epoch\": 1");
        directory = open();
        assertEquals(Optional.empty(), directory.snapshot());
        Files.writeString(path().resolve("directory.json"), "{}");
        directory = open();
        assertEquals(Optional.empty(), directory.snapshot());
    }

    @Test
    public void aListenerThatFailsDoesNotKeepItFromOthers() {
        listeners.addFirst(snapshot -> {
            throw new IllegalStateException("a defect of a role");
        });
        directory.take(part(0, 1, 1, row("node-1", "1")));
        assertEquals(1, heard.size());
    }
}
