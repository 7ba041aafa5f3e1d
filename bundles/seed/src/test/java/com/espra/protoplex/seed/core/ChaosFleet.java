package com.espra.protoplex.seed.core;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetKey;
import com.espra.protoplex.seed.state.SeedState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Seed's core and nodes on a network that delays, doubles and mixes up what they say, cuts their links, and on machines that crash. One
 * number decides all of it.
 *
 * <p>What a node has accepted and what it serves is on its disk; what it was about to do is not. What the Seed has saved is on its disk.
 */
final class ChaosFleet implements InstantSource, Builds, SeedState {

    private static final int MOST_DELAY_MILLIS = 800;
    private static final int MOST_MOVE_MILLIS = 4000;

    final Random random;
    final Map<String, Build> builds = new HashMap<>();
    final List<Node> nodes = new ArrayList<>();
    /** Digests that a node would refuse, each with the share of the nodes, in percent, that do. */
    final Map<String, Integer> bad = new HashMap<>();
    /** Sees each state that is saved, after the one before it. */
    private final Consumer<FleetData> witness;

    private final FleetKey key = new FleetKey("f".repeat(16), new byte[32]);
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::number));
    private FleetData saved = FleetData.EMPTY;
    private long version;
    private long number;
    private Instant ticked = Instant.EPOCH;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    boolean calm;
    Fleet fleet;

    private record Due(Instant at, long number, Runnable what) {}

    ChaosFleet(long seed, int count, Consumer<FleetData> witness) throws IOException {
        this.random = new Random(seed);
        this.witness = witness;
        fleet = new Fleet(this, key, this, this, this::nanos, () -> {});
        for (int i = 1; i <= count; i++) {
            nodes.add(new Node("node-" + i, i % 3 == 0 ? "us" : "eu"));
        }
    }

    /** A machine. */
    final class Node {

        final String name;
        final String region;
        LinkFrame.Desired accepted = LinkFrame.Desired.NONE;
        final Map<String, String> serves = new HashMap<>();
        private final Map<String, LinkFrame.Result> answers = new HashMap<>();
        private @Nullable Line line;
        private boolean up = true;
        /** What it does is of this start; what an earlier one was about to do never happens. */
        private int start;

        Node(String name, String region) {
            this.name = name;
            this.region = region;
        }

        void connect() {
            if (!up || (line != null && line.open)) {
                return;
            }
            Line fresh = new Line(this);
            line = fresh;
            fresh.toSeed(() -> fleet.joined(
                    fresh,
                    new LinkFrame.Hello(
                            LinkFrame.PROTOCOL,
                            name,
                            region,
                            Set.of("app"),
                            start,
                            "1",
                            Map.of(),
                            accepted,
                            Map.of(),
                            LinkFrame.Follow.NOT,
                            true)));
            tell();
            answers.values().forEach(this::say);
        }

        void cut() {
            Line broken = line;
            if (broken == null || !broken.open) {
                return;
            }
            broken.open = false;
            // Sometimes the Seed sees it at once, sometimes it finds silence.
            if (calm || random.nextBoolean()) {
                later(() -> fleet.left(broken));
            }
            after(Duration.ofMillis(random.nextInt(20_000)), this::connect);
        }

        void crash() {
            cut();
            up = false;
            start++;
            answers.clear();
            after(Duration.ofMillis(500 + random.nextInt(30_000)), () -> {
                up = true;
                connect();
            });
        }

        void desire(LinkFrame.Desired desired) {
            boolean again =
                    desired.sequence() == accepted.sequence() && desired.units().equals(accepted.units());
            if (!up || (!again && desired.sequence() <= accepted.sequence())) {
                return;
            }
            accepted = desired;
            tell();
            Set<String> units = new HashSet<>(serves.keySet());
            units.addAll(desired.units().keySet());
            int now = start;
            units.forEach(unit -> after(Duration.ofMillis(random.nextInt(MOST_MOVE_MILLIS)), () -> {
                if (up && start == now) {
                    move(unit, desired.sequence());
                }
            }));
        }

        /** Some builds are bad for some nodes. */
        boolean refuses(String digest) {
            return bad.getOrDefault(digest, 0) > Math.floorMod(name.hashCode(), 100);
        }

        private void move(String unit, long sequence) {
            String target = accepted.units().getOrDefault(unit, "");
            if (sequence != accepted.sequence()) {
                return; // a later desire has a move of its own
            }
            boolean refuses = refuses(target) && !target.equals(serves.get(unit));
            if (target.isEmpty()) {
                serves.remove(unit);
            } else if (!refuses) {
                serves.put(unit, target);
            }
            LinkFrame.Result result =
                    new LinkFrame.Result(sequence, unit, target, !refuses, refuses ? "it is bad" : "", 7);
            answers.put(unit, result);
            say(result);
            tell();
        }

        private void tell() {
            say(new LinkFrame.Actual(
                    accepted.sequence(),
                    serves.entrySet().stream()
                            .map(each -> new LinkFrame.Unit(
                                    each.getKey(),
                                    build(each.getValue()).orElseThrow().version(),
                                    each.getValue(),
                                    List.of(),
                                    0))
                            .toList()));
        }

        private void say(LinkFrame frame) {
            Line there = line;
            if (there != null && there.open) {
                there.toSeed(() -> fleet.received(there, frame));
                if (!calm && random.nextInt(10) == 0) {
                    later(() -> fleet.received(there, frame));
                }
            }
        }
    }

    /** One link of a node, from its hello to its end. */
    private final class Line implements NodeLink {

        private final Node node;
        private boolean open = true;
        private Instant heard = now;
        private Instant lastToSeed = now;

        Line(Node node) {
            this.node = node;
        }

        /** The hello is first; what follows comes in its order, most of the time. */
        void toSeed(Runnable what) {
            Instant at = now.plusMillis(random.nextInt(MOST_DELAY_MILLIS));
            Instant ordered = at.isBefore(lastToSeed) ? lastToSeed : at;
            lastToSeed = ordered;
            at(ordered, () -> {
                if (open) {
                    heard = now;
                    what.run();
                }
            });
        }

        @Override
        public void send(LinkFrame.Desired desired) {
            if (desired.sequence() > saved.sequence()) {
                throw new AssertionError(node.name + " is told what is not durable");
            }
            deliver(desired);
            if (!calm && random.nextInt(10) == 0) {
                deliver(desired);
            }
        }

        @Override
        public void send(LinkFrame.Revoked revoked) {}

        @Override
        public void send(LinkFrame.Standing standing) {
            // How a node serves is not what is tried here.
        }

        @Override
        public boolean send(LinkFrame.Ask question) {
            return false;
        }

        /** Each takes its own time, so that an older one may come last. */
        private void deliver(LinkFrame.Desired desired) {
            later(() -> {
                if (open) {
                    node.desire(desired);
                }
            });
        }

        @Override
        public boolean send(LinkFrame.Upgrade upgrade) {
            return true;
        }

        @Override
        public boolean send(LinkFrame.Directory part) {
            return true;
        }

        @Override
        public void send(LinkFrame.Owners told) {}

        @Override
        public void send(LinkFrame.Lease lease) {}

        @Override
        public void ping() {
            if (open) {
                heard = now;
            }
        }

        @Override
        public Instant heard() {
            return heard;
        }

        @Override
        public void close(int code, String reason) {
            open = false;
            after(Duration.ofMillis(100 + random.nextInt(10_000)), node::connect);
        }
    }

    private void at(Instant when, Runnable what) {
        due.add(new Due(when, number++, what));
    }

    private void later(Runnable what) {
        at(now.plusMillis(random.nextInt(MOST_DELAY_MILLIS)), what);
    }

    private void after(Duration time, Runnable what) {
        at(now.plus(time), what);
    }

    /** Lets so much time pass, and calls the check after everything that happens. */
    void pass(Duration time, Runnable check) {
        Instant end = now.plus(time);
        while (true) {
            Instant tick = ticked.equals(Instant.EPOCH) ? now : ticked.plusSeconds(1);
            Due next = due.peek();
            boolean something = next != null && !next.at().isAfter(end);
            if (something && next != null && next.at().isBefore(tick)) {
                due.remove();
                now = next.at().isBefore(now) ? now : next.at();
                next.what().run();
                check.run();
            } else if (!tick.isAfter(end)) {
                now = tick.isBefore(now) ? now : tick;
                ticked = now;
                fleet.tick();
                check.run();
            } else {
                now = end;
                return;
            }
        }
    }

    /** The Seed is killed, and another one starts from its disk. */
    void restartSeed() throws IOException {
        nodes.forEach(node -> {
            Line line = node.line;
            if (line != null && line.open) {
                line.open = false;
                after(Duration.ofMillis(random.nextInt(5_000)), node::connect);
            }
        });
        boolean was = calm;
        calm = true; // a Seed that cannot write does not start
        fleet = new Fleet(this, key, this, this, this::nanos, () -> {});
        calm = was;
    }

    Node any() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    String build(String unit, String release) {
        String digest = Sha256.of((unit + release).getBytes(StandardCharsets.UTF_8));
        builds.put(
                digest,
                new Build(
                        1,
                        unit,
                        release,
                        now,
                        "0".repeat(16),
                        List.of(new Build.File("a.jar", digest, 1)),
                        Map.of(),
                        10,
                        5,
                        false,
                        Set.of(),
                        Build.Kind.APP,
                        false,
                        Set.of(),
                        Set.of()));
        return digest;
    }

    private long nanos() {
        return Duration.between(Instant.EPOCH, instant()).toNanos();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public Optional<Build> build(String release) {
        return Optional.ofNullable(builds.get(ReleaseId.of(release).build()));
    }

    @Override
    public Optional<String> digest(String unit, String release) {
        return builds.entrySet().stream()
                .filter(each -> each.getValue().unit().equals(unit)
                        && each.getValue().version().equals(release))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public List<String> versions(String unit) {
        return builds.values().stream()
                .filter(each -> each.unit().equals(unit))
                .map(Build::version)
                .sorted(BuildOrder.ORDER.reversed())
                .toList();
    }

    @Override
    public Saved load() {
        return new Saved(saved, version);
    }

    @Override
    public long save(FleetData data, long expected) throws IOException {
        if (!calm && random.nextInt(40) == 0) {
            throw new IOException("the disk is full");
        }
        witness.accept(data);
        saved = data;
        return ++version;
    }

    FleetData saved() {
        return saved;
    }
}
