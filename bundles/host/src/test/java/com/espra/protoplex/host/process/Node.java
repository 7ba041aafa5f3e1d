package com.espra.protoplex.host.process;

import static org.junit.Assert.assertNotNull;

import com.espra.protoplex.host.process.ChildStatus.Phase;
import com.espra.protoplex.host.process.cgroup.Cgroups;
import com.espra.protoplex.host.process.crash.CrashReports;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.host.process.supervise.Action;
import com.espra.protoplex.host.process.supervise.ChildId;
import com.espra.protoplex.host.process.supervise.SupervisionPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A node of {@link TestChild}ren, with the listeners a and b. */
final class Node implements Children.Watcher, AutoCloseable {

    /** What a child asks before it opens its listeners. */
    static final String BEFORE_SERVING = "before-serving";

    static final Duration DEADLINE = Duration.ofSeconds(60);

    static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    /** The revision whose children fail at their start. */
    static final int BROKEN = 13;

    final ListeningSocket a;
    final ListeningSocket b;
    final CrashReports crashes;
    final Children children;

    /** How many have crashed. */
    final AtomicInteger crashed = new AtomicInteger();

    /** What the topic "wait" waits for. */
    final CountDownLatch answers = new CountDownLatch(1);

    Node(Path data, int count) throws IOException {
        this(data, count, Duration.ofSeconds(60));
    }

    /** @param cgroups where its children get cgroups of their own */
    Node(Path data, int count, Cgroups cgroups) throws IOException {
        this(data, count, Duration.ofSeconds(60), cgroups);
    }

    /** @param stable how long a child serves until its place's failures are forgotten */
    Node(Path data, int count, Duration stable) throws IOException {
        this(data, count, stable, Cgroups.none());
    }

    private Node(Path data, int count, Duration stable, Cgroups cgroups) throws IOException {
        a = ListeningSocket.bind("a", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        b = ListeningSocket.bind("b", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        crashes = new CrashReports(data.resolve("crashes"), 4, 256 << 20);
        children = Children.start(
                new Children.Settings(
                        policy(count, stable),
                        Node::command,
                        List.of(a, b),
                        data.resolve("children"),
                        crashes,
                        512,
                        cgroups,
                        false),
                this);
    }

    private static SupervisionPolicy policy(int count, Duration stable) {
        return new SupervisionPolicy(
                count,
                0,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMillis(200),
                Duration.ofMillis(10),
                LONGEST_PAUSE,
                stable,
                3,
                400 << 20,
                false);
    }

    /** While this file is there, each child ends as soon as it starts. */
    static Path broken(Path data) {
        return data.resolve("broken");
    }

    private static Program.Command command(ChildId child, int revision, Path work) {
        if (Files.exists(broken(work.getParent().getParent()))) {
            return new Program.Command(List.of("/bin/sh", "-c", "echo the cause is there; exit 7"), Map.of());
        }
        List<String> arguments = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx48m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        arguments.addAll(1, CrashReports.jvmOptions(work));
        arguments.add(TestChild.class.getName());
        if (revision == BROKEN) {
            arguments.add("fail");
        }
        return new Program.Command(arguments, Map.of());
    }

    /** Waits until as many children serve as are wanted, and no process is left over. */
    List<ChildStatus> awaitServing(int count) {
        await("every child serves", () -> {
            List<ChildStatus> all = children.status();
            return all.size() == count && all.stream().allMatch(child -> child.phase() == Phase.SERVING);
        });
        return children.status();
    }

    void awaitGone(ChildStatus victim) {
        await(
                victim.child() + " is gone",
                () -> children.status().stream()
                        .noneMatch(child -> child.child().equals(victim.child())));
    }

    void await(String what, BooleanSupplier condition) {
        awaitThat(
                () -> what + "; there are " + children.status() + ", and the node is " + children.health(), condition);
    }

    static void awaitThat(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    static boolean alive(Stream<ChildStatus> children) {
        return children.anyMatch(child -> ProcessHandle.of(child.pid()).isPresent());
    }

    @Override
    public void connected(ChildStatus child) {}

    @Override
    public void gone(ChildId child) {}

    @Override
    public void crashed(ChildId child, String reason) {
        crashed.incrementAndGet();
    }

    @Override
    public void health(Action.Health health) {
        assertNotNull(health);
    }

    @Override
    public void told(ChildId child, String topic, Map<String, Object> body) {
        throw new IllegalStateException(topic);
    }

    @Override
    public Map<String, Object> called(ChildId child, String topic, Map<String, Object> body) throws IOException {
        if (topic.equals(BEFORE_SERVING)) {
            return Map.of();
        }
        if (!topic.equals("wait")) {
            throw new IOException(topic);
        }
        try {
            answers.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return Map.of();
    }

    @Override
    public void close() throws Exception {
        children.stop().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        a.close();
        b.close();
    }
}
