package com.espra.protoplex.host.process;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.process.crash.CrashReport;
import com.espra.protoplex.host.process.posix.ProcessCalls;
import com.espra.protoplex.host.process.posix.Processors;
import com.espra.protoplex.host.process.posix.Signal;
import com.espra.protoplex.host.process.supervise.Action;
import com.espra.protoplex.host.process.supervise.Action.Health.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Real processes, real sockets, real signals. */
public class ChildrenTest {

    private static final int CLIENTS = 8;
    private static final int CRASHES = Boolean.getBoolean("soak") ? 200 : 12;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void whenAChildIsKilledUnderLoadOnlyItsOwnRequestsFail() throws Exception {
        try (Node node = new Node(data(), 2)) {
            List<ChildStatus> first = node.awaitServing(2);
            Map<Long, Socket> holds = holds(node, first);
            ChildStatus victim = first.getFirst();
            ChildStatus survivor = first.getLast();
            try (Load load = new Load(node.a, CLIENTS)) {
                node.await(
                        "both answer", () -> load.answersOf(victim.pid()) > 50 && load.answersOf(survivor.pid()) > 50);

                ProcessCalls.signal(victim.pid(), Signal.SIGKILL);
                node.awaitGone(victim);
                long successor = node.awaitServing(2).getLast().pid();
                node.await("the successor answers", () -> load.answersOf(successor) > 50);
                load.close();

                assertTrue("requests in flight: " + load.failures, load.failures.size() <= CLIENTS);
                for (Load.Failure failure : load.failures) {
                    assertTrue("a connection was refused: " + failure, failure.connected());
                    assertTrue("somebody else failed: " + failure, failure.pid() == 0 || failure.pid() == victim.pid());
                }
            }
            assertEquals("the survivor ends what it has begun", "done", release(node, survivor, holds));
            assertFalse("the victim's request is lost", answered(holds.get(victim.pid())));
            CrashReport report = node.crashes.list().getFirst();
            assertEquals("it ended with signal 9 (SIGKILL)", report.reason());
            assertEquals(List.of("this child has begun"), report.lastLines());
        }
    }

    /** Whether the rest of the answer comes; a connection that ends or breaks has none. */
    private static boolean answered(Socket client) {
        try (client) {
            return "done".equals(Load.reader(client).readLine());
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    public void aStoppedChildIsNoticedReplacedAndKilled() throws Exception {
        try (Node node = new Node(data(), 2)) {
            ChildStatus victim = node.awaitServing(2).getFirst();

            ProcessCalls.signal(victim.pid(), Signal.SIGSTOP);
            node.awaitGone(victim);
            node.awaitServing(2);

            assertTrue(ProcessHandle.of(victim.pid()).isEmpty());
            assertEquals(
                    "it was silent for 5000 ms; signal 9 (SIGKILL)",
                    node.crashes.list().getFirst().reason());
        }
    }

    @Test
    public void aChildThatIsToldToEndEndsWhatItHasBegun() throws Exception {
        try (Node node = new Node(data(), 1)) {
            ChildStatus old = node.awaitServing(1).getFirst();
            Map<Long, Socket> holds = holds(node, List.of(old));

            ProcessCalls.signal(old.pid(), Signal.SIGTERM);
            node.await(
                    "its successor serves beside it",
                    () -> node.children.status().size() == 2
                            && node.children.status().getLast().phase() == ChildStatus.Phase.SERVING);

            assertEquals("done", release(node, old, holds));
            node.awaitServing(1);
            assertEquals("an orderly end is no crash", List.of(), node.crashes.list());
        }
    }

    @Test
    public void aChildThatTakesTooMuchMemoryIsReplacedAndEndsWhatItHasBegun() throws Exception {
        try (Node node = new Node(data(), 1)) {
            ChildStatus old = node.awaitServing(1).getFirst();
            Map<Long, Socket> holds = holds(node, List.of(old));

            node.children.tell(old.child(), "swell", Map.of());
            node.await(
                    "its successor serves beside it",
                    () -> node.children.status().size() == 2
                            && node.children.status().getLast().phase() == ChildStatus.Phase.SERVING);

            assertEquals("done", release(node, old, holds));
            node.awaitGone(old);
            String reason = node.crashes.list().getFirst().reason();
            assertTrue(reason, reason.matches("it took \\d+ MiB of memory, and may take 400 MiB; exit status 0"));
        }
    }

    @Test
    public void anUpgradeUnderLoadLosesNothing() throws Exception {
        try (Node node = new Node(data(), 2)) {
            List<ChildStatus> old = node.awaitServing(2);
            try (Load load = new Load(node.a, CLIENTS);
                    Load other = new Load(node.b, 2)) {
                node.await("both listeners answer", () -> load.answers() > 100 && other.answers() > 20);

                CompletableFuture<Action.Upgraded> upgrade = node.children.upgrade(2);
                node.await(
                        "one starts on one processor",
                        () -> node.children.status().stream()
                                .anyMatch(child -> child.revision() == 2 && processors(child.pid()) == 1));
                Action.Upgraded upgraded = upgrade.get(60, TimeUnit.SECONDS);
                assertTrue(upgraded.reason(), upgraded.done());
                List<ChildStatus> young = node.awaitServing(2);
                young.forEach(child -> assertEquals("all", processors(0), processors(child.pid())));
                node.await(
                        "the new ones answer",
                        () -> young.stream().allMatch(child -> load.answersOf(child.pid()) > 50));
                load.close();
                other.close();

                assertEquals(List.of(), List.copyOf(load.failures));
                assertEquals(List.of(), List.copyOf(other.failures));
                assertFalse("the old ones are gone", Node.alive(old.stream()));
            }
            assertEquals(List.of(), node.crashes.list());
        }
    }

    /** The fewest that a thread of a process may run on; 0 while it has none. */
    private static int processors(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", pid == 0 ? "self" : Long.toString(pid), "task"))) {
            int least = Integer.MAX_VALUE;
            for (Path thread : threads.toList()) {
                least = Math.min(
                        least,
                        Processors.of(Long.parseLong(thread.getFileName().toString()))
                                .count());
            }
            return least == Integer.MAX_VALUE ? 0 : least;
        } catch (IOException gone) {
            return 0;
        }
    }

    @Test
    public void anUpgradeThatCannotStartLeavesTheOldChildrenServing() throws Exception {
        try (Node node = new Node(data(), 2)) {
            List<ChildStatus> old = node.awaitServing(2);

            Action.Upgraded upgraded = node.children.upgrade(Node.BROKEN).get(60, TimeUnit.SECONDS);

            assertFalse(upgraded.done());
            assertTrue(upgraded.reason(), upgraded.reason().endsWith("it ended with exit status 9"));
            assertEquals(pids(old), pids(node.awaitServing(2)));
            assertTrue(node.crashes.list().getFirst().lastLines().contains("and it fails"));
        }
    }

    @Test
    public void childrenEndWhenTheirParentIsKilledAndTheNextOneStarts() throws Exception {
        Path data = data();
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestParent.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.getRoot().toPath().resolve("parent.log").toFile())
                .start();
        try {
            Path log = folder.getRoot().toPath().resolve("parent.log");
            Node.awaitThat(() -> "the parent is up", () -> firstLine(log).matches("\\d+ \\d+ \\d+"));
            String[] words = firstLine(log).split(" ");
            List<ProcessHandle> children = Stream.of(words[1], words[2])
                    .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                    .toList();
            // One of them cannot notice anything: the next parent has to end it.
            new ProcessBuilder("/bin/kill", "-STOP", words[2]).start().waitFor();

            parent.destroyForcibly().waitFor();
            children.getFirst().onExit().get(30, TimeUnit.SECONDS);
            try (Node next = new Node(data, 1)) {
                next.awaitServing(1);
                assertFalse("the child that hung is ended", children.getLast().isAlive());
            }
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    private static String firstLine(Path log) {
        try {
            return Files.readString(log).lines().findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    public void aCrashLoopIsReportedAndLeavesNothingBehind() throws Exception {
        try (Node node = new Node(data(), 1)) {
            node.awaitServing(1);
            int descriptors = descriptors();
            for (int i = 0; i < 5; i++) {
                ChildStatus victim = node.awaitServing(1).getFirst();
                ProcessCalls.signal(victim.pid(), Signal.SIGKILL);
                node.awaitGone(victim);
            }
            node.awaitServing(1);

            assertEquals(State.UNHEALTHY, node.children.health().health());
            assertEquals("reports are bounded", 4, node.crashes.list().size());
            assertEquals("descriptors", descriptors, descriptors(), 4);
            try (Stream<Path> work = Files.list(data().resolve("children"))) {
                assertEquals("one child's folder, and the socket's", 2, work.count());
            }
        }
    }

    @Test
    public void manyCrashesInARowArePacedReportedAndForgottenWhenTheCauseIsGone() throws Exception {
        Path cause = Node.broken(Files.createDirectories(data()));
        Files.createFile(cause);
        int descriptors = descriptors();
        int threads = Thread.activeCount();
        long begun = System.nanoTime();
        try (Node node = new Node(data(), 1, Duration.ofSeconds(2))) {
            int sockets = descriptors() - descriptors;
            node.await("it has crashed " + CRASHES + " times", () -> node.crashed.get() >= CRASHES);

            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            assertTrue(
                    "paced, not a loop: " + millis + " ms", millis >= CRASHES * 3 / 4 * Node.LONGEST_PAUSE.toMillis());
            assertEquals(State.UNHEALTHY, node.children.health().health());
            assertTrue(node.children.health().reason().matches("child 0 has failed \\d{2,} times in a row"));
            assertEquals("reports are bounded", 4, node.crashes.list().size());
            CrashReport last = node.crashes.list().getFirst();
            assertEquals("it ended with exit status 7", last.reason());
            assertEquals(List.of("the cause is there"), last.lastLines());
            assertEquals("descriptors", descriptors + sockets, descriptors(), 6);
            assertEquals("threads", threads, Thread.activeCount(), 6);

            Files.delete(cause);
            node.awaitServing(1);
            node.await(
                    "it is well again by itself", () -> node.children.health().health() == State.HEALTHY);
        }
    }

    @Test
    public void aBrokenJvmAndAnExhaustedHeapLeaveTheirTraces() throws Exception {
        try (Node node = new Node(data(), 1)) {
            ChildStatus victim = node.awaitServing(1).getFirst();
            ProcessCalls.signal(victim.pid(), Signal.SIGSEGV);
            node.awaitGone(victim);
            assertTrue(
                    files(node),
                    files(node).contains("hs_err_pid") || files(node).contains("hs_err_" + victim.pid()));

            ChildStatus next = node.awaitServing(1).getFirst();
            node.children.tell(next.child(), "exhaust", Map.of());
            node.awaitGone(next);
            assertEquals(
                    "it ended with exit status 3: it ran out of memory (Java heap space)",
                    node.crashes.list().getFirst().reason());
            assertTrue(
                    files(node), node.crashes.newest().orElseThrow().evidence().isPresent());
            assertTrue(files(node), files(node).contains(".hprof"));
            node.awaitServing(1);
        }
    }

    @Test
    public void parentAndChildAskEachOther() throws Exception {
        try (Node node = new Node(data(), 1)) {
            ChildStatus child = node.awaitServing(1).getFirst();

            Map<String, Object> body = Map.of("text", "grüß", "list", List.of(1L, true, 2.5));
            assertEquals(
                    body,
                    node.children
                            .call(child.child(), "echo", body, Duration.ofSeconds(20))
                            .get());
            Object limit = node.children
                    .call(child.child(), "open-files", Map.of(), Duration.ofSeconds(20))
                    .get()
                    .get("limit");
            assertTrue(
                    "open files are bounded: " + limit, String.valueOf(limit).matches("Max open files +512 +512 .*"));
            ExecutionException refused = assertThrows(
                    ExecutionException.class,
                    () -> node.children
                            .call(child.child(), "riddle", Map.of(), Duration.ofSeconds(20))
                            .get());
            assertEquals("nobody knows riddle", refused.getCause().getMessage());
            assertTrue(node.children.status().getFirst().memoryBytes() >= 0);
        }
    }

    @Test
    public void aChildThatAsksTooMuchIsRefused() throws Exception {
        try (Node node = new Node(data(), 1)) {
            ChildStatus child = node.awaitServing(1).getFirst();
            Map<String, Object> flood = Map.of("calls", FromChild.MOST_CALLS + 3L, "refused", 3L);
            Object reasons = node.children
                    .call(child.child(), "flood", flood, Duration.ofSeconds(30))
                    .get()
                    .get("reasons");
            String reason = "the parent answers 64 calls of " + child.child() + " already; ask again later";
            assertEquals(List.of(reason, reason, reason), reasons);
            node.answers.countDown();
            assertEquals(
                    Map.of("answered", (long) FromChild.MOST_CALLS),
                    node.children
                            .call(child.child(), "flood-end", Map.of(), Duration.ofSeconds(30))
                            .get());
        }
    }

    /** A request on each of the children that is in flight until it is released. */
    private static Map<Long, Socket> holds(Node node, List<ChildStatus> children) throws IOException {
        Map<Long, Socket> holds = new HashMap<>();
        while (holds.size() < children.size()) {
            Socket client = TestChild.connect(node.b, "/hold");
            if (holds.putIfAbsent(Load.pid(Load.reader(client)), client) != null) {
                client.close();
            }
        }
        return holds;
    }

    private static String release(Node node, ChildStatus child, Map<Long, Socket> holds) throws IOException {
        assertTrue(node.children.tell(child.child(), "release", Map.of()));
        try (BufferedReader rest = Load.reader(holds.get(child.pid()))) {
            return rest.readLine();
        }
    }

    private static String files(Node node) throws IOException {
        return node.crashes.list().getFirst().files().toString();
    }

    private static List<Long> pids(List<ChildStatus> children) {
        return children.stream().map(ChildStatus::pid).toList();
    }

    private static int descriptors() {
        return Arrays.asList(Path.of("/proc/self/fd").toFile().list()).size();
    }

    private Path data() {
        return folder.getRoot().toPath().resolve("data");
    }
}
