package com.espra.protoplex.host.process;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assume.assumeTrue;

import com.espra.protoplex.host.process.cgroup.Cgroups;
import com.espra.protoplex.host.process.posix.ProcessCalls;
import com.espra.protoplex.host.process.posix.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Real processes in real cgroups, where the machine lets this user make some. */
public class CgroupChildrenTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path base = Path.of("");

    @Before
    public void aCgroupOfTheTests() throws IOException {
        Path made = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> Path.of(line.split(" ")[4]))
                .findFirst()
                .map(top ->
                        top.resolve("protoplex-test-" + ProcessHandle.current().pid()))
                .orElse(Path.of(""));
        assumeTrue("this machine has no cgroup v2", made.isAbsolute());
        try {
            Files.createDirectory(made);
            base = made;
        } catch (IOException e) {
            assumeTrue("this user may make no cgroup: " + e, false);
        }
    }

    @After
    public void nothingStays() throws IOException {
        if (!base.isAbsolute() || !Files.exists(base)) {
            return;
        }
        Files.writeString(base.resolve("cgroup.kill"), "1");
        Node.awaitThat(
                () -> base + " is empty",
                () -> read(base.resolve("cgroup.events")).contains("populated 0"));
        try (Stream<Path> all = Files.walk(base)) {
            for (Path each : all.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    public void eachChildHasOneWhichEndsWithIt() throws Exception {
        try (Node node = new Node(data(), 2, Cgroups.open(base.toString()))) {
            ChildStatus victim = node.awaitServing(2).getFirst();
            Path its = of(victim);
            assertEquals(List.of(Long.toString(victim.pid())), Files.readAllLines(its.resolve("cgroup.procs")));
            assertEquals(2, groups().size());
            ProcessHandle left = left(victim);

            ProcessCalls.signal(victim.pid(), Signal.SIGKILL);
            node.awaitGone(victim);

            assertFalse("it is gone", Files.exists(its));
            assertFalse("so is what the child left running", left.isAlive());
            assertEquals(
                    "it ended with signal 9 (SIGKILL)",
                    node.crashes.list().getFirst().reason());
            node.awaitServing(2);
            assertEquals(2, groups().size());
        }
        assertEquals("none stays", List.of(), groups());
    }

    /** A process that is in the child's cgroup and outlives it. */
    private static ProcessHandle left(ChildStatus child) throws IOException {
        Process sleeper = new ProcessBuilder("/bin/sleep", "600").start();
        Files.writeString(of(child).resolve("cgroup.procs"), Long.toString(sleeper.pid()));
        return sleeper.toHandle();
    }

    @Test
    public void aKilledParentLeavesNothingToTheNext() throws Exception {
        Process parent = parent(base.toString());
        try {
            List<String> words = awaitUp();
            // One of them cannot notice that its parent is gone.
            ProcessCalls.signal(Long.parseLong(words.get(2)), Signal.SIGSTOP);
            assertEquals(2, groups().size());

            parent.destroyForcibly().waitFor();
            try (Node next = new Node(data(), 1, Cgroups.open(base.toString()))) {
                ChildStatus child = next.awaitServing(1).getFirst();
                assertEquals("only the new one", List.of(of(child)), groups());
            }
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    public void aParentInADelegatedOneMovesToALeafAndItsSuccessorNoDeeper() throws Exception {
        mark();
        Process parent = parent(Cgroups.AUTO);
        Process successor = null;
        try {
            awaitUp();
            assertEquals(base.resolve("parent"), of(parent.pid()));
            assertEquals(2, groups().size());

            // Started from the leaf, as a parent's successor is.
            Files.delete(log());
            successor = parent(
                    Cgroups.AUTO, base.resolve("parent"), folder.newFolder().toPath());
            List<String> words = awaitUp();
            assertEquals(base.resolve("parent"), of(successor.pid()));
            assertEquals(base, of(Long.parseLong(words.get(1))).getParent());
            assertEquals("both have children", 4, groups().size());
        } finally {
            parent.destroyForcibly().waitFor();
            if (successor != null) {
                successor.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    public void theKernelsKillerIsNamedInTheReport() throws Exception {
        assumeTrue(
                "the memory controller is not in this machine's cgroup v2, but in v1 or nowhere",
                read(base.resolve("cgroup.controllers")).contains("memory"));
        try (Node node = new Node(data(), 1, Cgroups.open(base.toString()))) {
            ChildStatus victim = node.awaitServing(1).getFirst();
            Path its = of(victim);
            Files.writeString(its.resolve("memory.max"), Long.toString(128 << 20));
            node.children.tell(victim.child(), "swell", Map.of());
            node.awaitGone(victim);
            assertEquals(
                    "it ended with signal 9 (SIGKILL): the kernel's OOM killer ended it at 128 MiB (memory.max of its cgroup)",
                    node.crashes.list().getFirst().reason());
        }
    }

    /** As systemd marks what it delegates. */
    private void mark() {
        try {
            Files.getFileAttributeView(base, UserDefinedFileAttributeView.class)
                    .write("delegate", StandardCharsets.US_ASCII.encode("1"));
        } catch (IOException e) {
            assumeTrue("this kernel has no attributes of cgroups: " + e, false);
        }
    }

    private Process parent(String setting) throws IOException {
        return parent(setting, setting.equals(Cgroups.AUTO) ? base : Path.of("/proc/self/cgroup"), data());
    }

    private Process parent(String setting, Path in, Path data) throws IOException {
        String enter = in.startsWith(base) ? "echo $$ > '" + in + "/cgroup.procs'; " : "";
        return new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        enter + "exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestParent.class.getName(),
                        data.toString(),
                        setting)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private Path log() {
        return folder.getRoot().toPath().resolve("parent.log");
    }

    /** Its port and its two children. */
    private List<String> awaitUp() {
        Node.awaitThat(() -> "the parent is up: " + read(log()), () -> up().size() == 3);
        return up();
    }

    private List<String> up() {
        return read(log())
                .lines()
                .filter(line -> line.matches("\\d+ \\d+ \\d+"))
                .map(line -> List.of(line.split(" ")))
                .findFirst()
                .orElse(List.of());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static Path of(ChildStatus child) throws IOException {
        return of(child.pid());
    }

    private static Path of(long pid) throws IOException {
        String path = Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .orElseThrow();
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .map(line -> Path.of(line.split(" ")[4] + path.substring("0::".length())))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> groups() throws IOException {
        try (Stream<Path> all = Files.list(base)) {
            return all.filter(path -> path.getFileName().toString().contains("-child-"))
                    .toList();
        }
    }

    private Path data() {
        return folder.getRoot().toPath().resolve("data");
    }
}
