package com.espra.protoplex.agent.upgrade;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrame.Upgraded;
import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class NodeUpgradesTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long THIS = ProcessHandle.current().pid();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Map<String, Object>> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    private Path data = Path.of("");
    private Path home = Path.of("");

    @Before
    public void install() throws IOException {
        data = folder.newFolder("data").toPath();
        home = folder.newFolder("opt", "protoplex", "features").toPath().getParent();
    }

    @After
    public void stop() {
        executor.shutdownNow();
    }

    private NodeUpgrades upgrades(@Nullable Peer host) {
        return upgrades(host, "");
    }

    private NodeUpgrades upgrades(@Nullable Peer host, String predecessor) {
        NodeUpgrades upgrades =
                new NodeUpgrades(host, data, new Distributions(home, Files::getOwner), predecessor, executor);
        upgrades.onChange(changes::incrementAndGet);
        return upgrades;
    }

    private CompletableFuture<Map<String, Object>> host(String topic, Map<String, Object> body) {
        assertEquals("upgrade", topic);
        asked.add(body);
        return answer;
    }

    private void written(String id, String state, String reason, long process, String seconds) throws IOException {
        Path file = data.resolve("upgrade.json");
        Files.writeString(
                data.resolve("new"),
                "{\"id\": \"%s\", \"state\": \"%s\", \"reason\": \"%s\", \"process\": %d, \"seconds\": %s}"
                        .formatted(id, state, reason, process, seconds));
        Files.move(data.resolve("new"), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Upgraded await(NodeUpgrades upgrades, String id) {
        Await.until(
                "upgrade " + id + " is told of",
                SOON,
                () -> upgrades.report().last().stream()
                        .anyMatch(each -> each.id().equals(id)));
        return upgrades.report().last().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void awaitChange(int before) {
        Await.until("the Seed is told", SOON, () -> changes.get() > before);
    }

    /** A process that has ended. */
    private static long gone() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    @Test
    public void theHostIsAskedAndItsFileIsTold() throws Exception {
        NodeUpgrades upgrades = upgrades(this::host);
        assertEquals(
                "it says what it runs from, so that it can be told to go back there",
                new LinkFrame.Upgrades(true, List.of(), home.toRealPath().toString()),
                upgrades.report());

        upgrades.begin(new LinkFrame.Upgrade("u-1", true, ""));

        awaitChange(0);
        assertEquals(List.of(Map.of("id", "u-1", "home", home.toString(), "parent", false)), asked);
        written("u-1", "running", "", THIS, "0");
        assertEquals(
                List.of(new Upgraded("u-1", Upgraded.RUNNING, "", 0)),
                upgrades.report().last());
        int before = changes.get();
        written("u-1", "failed", "no such option", THIS, "1.5");
        answer.complete(Map.of("done", false));
        awaitChange(before);
        assertEquals(
                List.of(new Upgraded("u-1", Upgraded.FAILED, "no such option", 1.5)),
                upgrades.report().last());
    }

    @Test
    public void theParentIsReplacedUnlessTheChildrenAloneAreMeant() {
        upgrades(this::host).begin(new LinkFrame.Upgrade("u-1", false, home.toString()));
        awaitChange(0);
        assertEquals(true, asked.getFirst().get("parent"));
    }

    /** The predecessor writes the end, after this process has told that it goes on. */
    @Test
    public void whatAnotherProcessWritesIsTold() throws Exception {
        written("u-1", "running", "", THIS, "0");
        NodeUpgrades upgrades = upgrades(this::host);
        assertEquals(
                List.of(new Upgraded("u-1", Upgraded.RUNNING, "", 0)),
                upgrades.report().last());

        written("u-1", "done", "", THIS, "2.25");

        awaitChange(0);
        assertEquals(
                List.of(new Upgraded("u-1", Upgraded.DONE, "", 2.25)),
                upgrades.report().last());
        written("u-2", "running", "", THIS, "0");
        assertEquals(Upgraded.RUNNING, upgrades.report().last().getFirst().state());
        int before = changes.get();
        written("u-2", "done", "", THIS, "1");
        awaitChange(before);
    }

    @Test
    public void whoeverDiedOverItHasFailed() throws Exception {
        written("u-1", "running", "", gone(), "0");
        Upgraded last = upgrades(this::host).report().last().getFirst();
        assertEquals(Upgraded.FAILED, last.state());
        assertTrue(last.reason(), last.reason().contains("ended before"));
    }

    /** Its host says how it ends, in the place of the one that was killed. */
    @Test
    public void theSuccessorOfWhoeverDiedOverItWaits() throws Exception {
        long predecessor = gone();
        written("u-1", "running", "", predecessor, "0");
        NodeUpgrades upgrades = upgrades(this::host, Long.toString(predecessor));
        assertEquals(Upgraded.RUNNING, upgrades.report().last().getFirst().state());
        written("u-1", "done", "", THIS, "2");
        awaitChange(0);
        assertEquals(Upgraded.DONE, upgrades.report().last().getFirst().state());
    }

    @Test
    public void aSecondIsRefusedByTheHost() throws Exception {
        written("u-1", "running", "", THIS, "0");
        NodeUpgrades upgrades = upgrades((topic, body) -> CompletableFuture.failedFuture(new IOException("under way")));

        upgrades.begin(new LinkFrame.Upgrade("u-2", true, ""));

        assertEquals(new Upgraded("u-2", Upgraded.FAILED, "under way", 0), await(upgrades, "u-2"));
        assertEquals("u-1", upgrades.report().last().getFirst().id());
    }

    @Test
    public void whatMayNotBeStartedIsNotHandedOver() {
        NodeUpgrades upgrades = upgrades(this::host);
        upgrades.begin(new LinkFrame.Upgrade("u-1", true, "/tmp"));
        assertTrue(await(upgrades, "u-1").reason().contains("no folder beside"));
        upgrades.begin(new LinkFrame.Upgrade("", true, ""));
        assertTrue(await(upgrades, "").reason().contains("needs an id"));
        assertEquals(List.of(), asked);
    }

    @Test
    public void aNodeOfOneProcessSaysSo() {
        NodeUpgrades upgrades = upgrades(null);
        assertEquals(LinkFrame.Upgrades.NONE, upgrades.report());
        upgrades.begin(new LinkFrame.Upgrade("u-1", true, ""));
        assertTrue(await(upgrades, "u-1").reason().contains("one process"));
    }

    @Test
    public void whatIsToldIsBounded() throws Exception {
        written("u-0", "done", "", THIS, "1");
        NodeUpgrades upgrades = upgrades(null);
        for (int i = 1; i <= 20; i++) {
            upgrades.begin(new LinkFrame.Upgrade("u-" + i, true, ""));
            await(upgrades, "u-" + i);
        }
        List<Upgraded> last = upgrades.report().last();
        assertEquals(LinkFrame.Upgrades.MOST, last.size());
        assertEquals("u-0", last.get(0).id());
        assertEquals("u-20", last.get(1).id());
    }

    @Test
    public void aFileThatSaysLittleOrNonsenseIsPassedOver() throws IOException {
        Files.writeString(data.resolve("upgrade.json"), "{\"done\": true, \"process\": 7}");
        assertEquals(List.of(), upgrades(this::host).report().last());
        Files.writeString(data.resolve("upgrade.json"), "{");
        assertEquals(List.of(), upgrades(this::host).report().last());
    }
}
