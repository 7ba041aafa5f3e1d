package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.local.FleetState.RunningNode;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.files.ProcessRef;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The fleet of one folder: makes its files, starts its nodes and stops them. */
public final class LocalFleet {

    private static final Duration STOP_SLACK = Duration.ofSeconds(10);
    private static final int STEP = 100;

    private final FleetDir dir;
    private final Path distribution;
    private final List<NodeProcess> started = new CopyOnWriteArrayList<>();

    /**
     * @param dir its folder
     * @param distribution what its nodes run from
     */
    public LocalFleet(FleetDir dir, Path distribution) {
        this.dir = dir;
        this.distribution = distribution;
    }

    /** An offset that leaves every well-known port free, or the largest that was tried. */
    public static int freeOffset() {
        int offset = 10_000;
        EphemeralPorts outgoing = EphemeralPorts.ofSystem();
        while (!Port.areFree(offset) && outgoing.risk(offset + STEP).isEmpty() && offset < 50_000) {
            offset += STEP;
        }
        return offset;
    }

    /**
     * Starts the nodes and waits until all of them serve. Nodes that run already are left alone.
     *
     * @param foreground whether the caller stays and stops them at its end
     * @param progress told what happens, in lines for people
     * @throws CliException with status 1 if one of them does not; the others are stopped then
     */
    public FleetState start(UpOptions options, boolean foreground, Consumer<String> progress)
            throws IOException, InterruptedException {
        PrivateFiles.createFolder(dir.path());
        try (FileChannel channel = FileChannel.open(
                        dir.path().resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw CliException.refused(
                        "another `protoplex up` is starting the fleet in " + dir.path(), "wait for it to be done");
            }
            Map<String, RunningNode> alive = new LinkedHashMap<>();
            FleetState.read(dir).alive().forEach(node -> alive.put(node.name(), node));
            if (JoinedNode.isIn(dir)) {
                JoinedNode joined = JoinedNode.in(dir);
                joined.complete();
                String name = joined.node();
                List<NodeFile> file = List.of(NodeFile.read(dir, name));
                requireFreePorts(file, List.of(name), alive.keySet(), progress);
                return launch(file, List.of(name), alive, foreground, progress);
            }
            JoinedNode.requireEnded(dir);
            makeCredentials();
            List<NodeFile> files = prepare(options, alive.keySet(), progress);
            return launch(files, nodeNames(options), alive, foreground, progress);
        }
    }

    private void makeCredentials() throws IOException {
        PrivateFiles.createFolder(dir.nodes());
        new Secrets(dir).make();
        Path ignore = dir.path().resolve(".gitignore");
        if (!Files.exists(ignore)) {
            Files.writeString(ignore, "# Keys and tokens are in here.\n*\n");
        }
    }

    private List<String> nodeNames(UpOptions options) throws IOException {
        int last = FleetState.read(dir).nodes().size();
        int count =
                options.nodes().orElse(Math.max(1, last == 0 ? dir.nodeNames().size() : last));
        List<String> names = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            names.add(NodeNames.of(number));
        }
        return names;
    }

    private List<NodeFile> prepare(UpOptions options, Set<String> alive, Consumer<String> progress) throws IOException {
        String author = new Secrets(dir).authorLine();
        List<NodeFile> files = new ArrayList<>();
        for (String name : nodeNames(options)) {
            PrivateFiles.createFolder(dir.node(name));
            NodeFile file = NodeFile.read(dir, name);
            if (files.isEmpty()) {
                file.first(dir, options, author);
                requireSeed(file);
            } else {
                file.further(dir, options, author, files.getFirst());
            }
            files.add(file);
        }
        requireFreePorts(files, nodeNames(options), alive, progress);
        for (NodeFile file : files) {
            file.write();
        }
        return files;
    }

    private static void requireSeed(NodeFile file) {
        if (!file.hasRole(UpOptions.SEED)) {
            throw CliException.usage(
                    "the first node of a fleet needs the role seed: without it nothing can be pushed",
                    "add it: --roles seed,app");
        }
    }

    private void requireFreePorts(
            List<NodeFile> files, List<String> names, Set<String> alive, Consumer<String> progress) throws IOException {
        Set<Integer> taken = new LinkedHashSet<>();
        for (int i = 0; i < files.size(); i++) {
            String name = names.get(i);
            boolean left = !alive.contains(name) && LeftChildren.run(dir.node(name));
            if (left) {
                // The node itself sees to it that they end, before it listens.
                progress.accept("children of the last process of " + name
                        + " still end what they began: it serves when they have ended, or after "
                        + files.get(i).stopSeconds() + " s without them");
            }
            for (Port port : files.get(i).ports()) {
                if (!alive.contains(name) && !left) {
                    port.requireFree(name);
                }
                if (!taken.add(port.number())) {
                    throw CliException.usage(
                            "port " + port.number() + " (" + port.what() + " of " + name
                                    + ") is configured twice in this fleet",
                            "give it another one in its node.json");
                }
            }
        }
    }

    private FleetState launch(
            List<NodeFile> files,
            List<String> names,
            Map<String, RunningNode> alive,
            boolean foreground,
            Consumer<String> progress)
            throws IOException, InterruptedException {
        String seed = files.getFirst().seedUrl();
        Optional<ProcessRef> up = foreground
                ? Optional.of(ProcessRef.current())
                : FleetState.read(dir).up().filter(ProcessRef::alive);
        Map<String, RunningNode> running = new TreeMap<>(Comparator.comparingInt(names::indexOf));
        running.putAll(alive);
        try {
            for (int i = 0; i < files.size(); i++) {
                String name = names.get(i);
                if (alive.containsKey(name)) {
                    continue;
                }
                progress.accept("starting " + name);
                NodeProcess node = NodeProcess.start(distribution, name, dir.node(name), files.get(i));
                started.add(node);
                running.put(name, new RunningNode(name, node.ref(), node.awaitServing()));
                new FleetState(seed, up, List.copyOf(running.values())).write(dir);
            }
        } catch (CliException | IOException | InterruptedException e) {
            stop(progress);
            throw e;
        }
        return new FleetState(seed, up, List.copyOf(running.values()));
    }

    /**
     * Waits until one of the started nodes ends. A process that hands its node over to a successor is no end of it.
     *
     * @return its name, its exit status, and the last lines of its log
     */
    public String awaitDeath() throws IOException {
        while (true) {
            List<CompletableFuture<?>> ends = new ArrayList<>();
            for (RunningNode node : current()) {
                ends.add(ProcessHandle.of(node.process().pid())
                        .map(ProcessHandle::onExit)
                        .orElseGet(() -> CompletableFuture.completedFuture(null)));
            }
            CompletableFuture.anyOf(ends.toArray(CompletableFuture<?>[]::new)).join();
            for (RunningNode node : current()) {
                if (!node.process().alive()) {
                    NodeProcess dead = started.stream()
                            .filter(each -> each.name().equals(node.name()))
                            .findFirst()
                            .orElseThrow();
                    return dead.name() + " ended with status " + dead.exitStatus() + dead.lastLines();
                }
            }
        }
    }

    /** What this object has started, or what has taken over from it. */
    private List<RunningNode> current() throws IOException {
        List<RunningNode> nodes = new ArrayList<>();
        for (NodeProcess node : started) {
            nodes.add(new RunningNode(
                    node.name(), FleetState.successor(dir, node.name()).orElseGet(node::ref), Map.of()));
        }
        return nodes;
    }

    /** Stops what this object has started, and what was added to that since, in order. */
    public void stop(Consumer<String> progress) throws IOException, InterruptedException {
        List<RunningNode> nodes = new ArrayList<>(current());
        for (RunningNode node : FleetState.read(dir).nodes()) {
            if (nodes.stream().noneMatch(each -> each.name().equals(node.name()))) {
                nodes.add(node);
            }
        }
        stop(dir, nodes, progress);
    }

    /** {@code host:port} by which other machines reach the fleet's Seed; empty if they do not. */
    public static String joinAddress(FleetDir dir) throws IOException {
        return NodeFile.read(dir, NodeNames.of(1)).joinAddress();
    }

    /** The digest by which they know it; empty if the Seed has not made it. */
    public static String authority(FleetDir dir) throws IOException {
        return !Files.exists(dir.authority())
                ? ""
                : RemoteSeed.trust(dir.authority()).authority();
    }

    /** What options ask for that the running fleet is not, and cannot become while it serves: such as {@code --children 2 (it has 0)}. */
    public static List<String> differences(FleetDir dir, UpOptions options) throws IOException {
        List<String> differences = new ArrayList<>();
        NodeFile first = NodeFile.read(dir, NodeNames.of(1));
        List<String> roles = options.roles(NodeNames.of(1));
        if (!roles.isEmpty() && !first.roles().equals(roles)) {
            differences.add("--roles " + String.join(",", roles) + " (it has " + String.join(",", first.roles()) + ")");
        }
        options.children()
                .filter(children -> !children.equals(first.children()))
                .ifPresent(
                        children -> differences.add("--children " + children + " (it has " + first.children() + ")"));
        options.address()
                .filter(host -> !first.joinAddress().startsWith(host + ":"))
                .ifPresent(host -> differences.add("--address " + host + " (it has "
                        + (first.joinAddress().isEmpty() ? "none" : first.joinAddress()) + ")"));
        if (options.portOffset().isPresent()
                && first.httpPort() != Port.HTTP + options.portOffset().getAsInt()) {
            differences.add("--port-offset " + options.portOffset().getAsInt() + " (it has "
                    + (first.httpPort() - Port.HTTP) + ")");
        }
        return differences;
    }

    /** Stops nodes of a fleet that goes on without them. They are started again when more nodes are asked for. */
    public static FleetState stopSurplus(FleetDir dir, FleetState state, int count, Consumer<String> progress)
            throws IOException, InterruptedException {
        FleetState fewer =
                new FleetState(state.seed(), state.up(), state.nodes().subList(0, count));
        fewer.write(dir);
        stop(dir, state.nodes().subList(count, state.nodes().size()), progress);
        return fewer;
    }

    /** Stops nodes: the first one, which is the Seed, when all others have stopped. */
    public static void stop(FleetDir dir, List<RunningNode> nodes, Consumer<String> progress)
            throws IOException, InterruptedException {
        List<RunningNode> alive =
                nodes.stream().filter(node -> node.process().alive()).toList();
        List<RunningNode> further = alive.stream()
                .filter(node -> !node.name().equals(NodeNames.of(1)))
                .toList();
        stopTogether(dir, further, progress);
        stopTogether(dir, alive.stream().filter(node -> !further.contains(node)).toList(), progress);
    }

    private static void stopTogether(FleetDir dir, List<RunningNode> nodes, Consumer<String> progress)
            throws IOException, InterruptedException {
        nodes.forEach(node -> {
            progress.accept("stopping " + node.name());
            node.process().stop();
        });
        for (RunningNode node : nodes) {
            Duration deadline = Duration.ofSeconds(
                            NodeFile.read(dir, node.name()).stopSeconds())
                    .plus(STOP_SLACK);
            if (!node.process().awaitEnd(deadline)) {
                progress.accept(node.name() + " did not stop within " + deadline.toSeconds() + " s: ended by force");
                node.process().kill();
            }
        }
    }
}
