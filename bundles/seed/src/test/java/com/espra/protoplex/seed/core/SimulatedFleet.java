package com.espra.protoplex.seed.core;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetKey;
import com.espra.protoplex.seed.state.SeedState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A Seed's core with nodes that are objects, on a clock that stands until it is moved. Everything happens when {@link #settle} says. */
final class SimulatedFleet implements InstantSource, Builds, SeedState {

    final Map<String, Build> builds = new HashMap<>();
    final Map<String, SimulatedNode> nodes = new HashMap<>();
    /** Every state that was ever saved: what a Seed finds that starts after a crash at that moment. */
    final List<FleetData> saved = new ArrayList<>();

    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    /** By how much the machine's clock is wrong. */
    Duration ahead = Duration.ZERO;

    int ended;
    boolean diskFull;
    Fleet fleet;
    final FleetKey key;
    final Deque<Runnable> wire = new ArrayDeque<>();

    SimulatedFleet() throws IOException {
        this(FleetData.EMPTY);
    }

    SimulatedFleet(FleetData found) throws IOException {
        this(found, new FleetKey("f".repeat(16), new byte[32]));
    }

    SimulatedFleet(FleetData found, FleetKey key) throws IOException {
        this.key = key;
        saved.add(found);
        fleet = new Fleet(this, key, this, this, this::nanos, () -> ended++);
    }

    private long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    /** A node that moves to whatever it is told, unless it refuses. */
    final class SimulatedNode implements NodeLink {

        final String name;
        final Map<String, String> serves = new HashMap<>();
        final Map<String, String> refuses = new HashMap<>();
        boolean dead;
        boolean mute;
        /** What it was told, whether it has come to that or not. */
        final List<LinkFrame.Desired> told = new ArrayList<>();

        LinkFrame.Desired accepted = LinkFrame.Desired.NONE;
        Instant heard = now;
        int closed;
        final List<LinkFrame.Upgrade> upgrades = new ArrayList<>();
        boolean full;
        final List<LinkFrame.Directory> directory = new ArrayList<>();
        LinkFrame.Follow follow = LinkFrame.Follow.NOT;
        boolean configures = true;
        /** What it was told of how to serve, the newest last. */
        final List<LinkFrame.Standing> standings = new ArrayList<>();

        LinkFrame.Order order = LinkFrame.Order.NONE;
        final List<LinkFrame.Owners> owners = new ArrayList<>();
        final List<LinkFrame.Lease> leases = new ArrayList<>();
        final List<LinkFrame.Ask> questions = new ArrayList<>();
        Consumer<String> onClose = reason -> {};
        String region = "local";
        LinkFrame.Health health = LinkFrame.Health.GOOD;
        LinkFrame.Drain drain = LinkFrame.Drain.NONE;
        List<LinkFrame.Traffic> traffic = List.of();
        String version = "0.1.0";
        /** What it tells of its processes. */
        LinkFrame.Upgrades processes = LinkFrame.Upgrades.NONE;

        SimulatedNode(String name) {
            this.name = name;
        }

        void connect() {
            connect(LinkFrame.PROTOCOL, Set.of("app"));
        }

        void connect(int protocol, Set<String> roles) {
            dead = false;
            closed = 0;
            heard = fleet.clock().instant();
            wire.add(() -> fleet.joined(
                    this,
                    new LinkFrame.Hello(
                            protocol,
                            name,
                            region,
                            roles,
                            1,
                            version,
                            Map.of("http", "http://" + name),
                            accepted,
                            Map.of(),
                            follow,
                            configures,
                            order)));
            wire.add(this::tell);
        }

        void disconnect() {
            dead = true;
            wire.add(() -> fleet.left(this));
        }

        @Override
        public void send(LinkFrame.Desired desired) {
            if (desired.sequence() > saved.getLast().sequence()) {
                throw new AssertionError(name + " is told state " + desired.sequence() + ", which is not durable");
            }
            told.add(desired);
            wire.add(() -> move(desired));
        }

        @Override
        public void send(LinkFrame.Revoked revoked) {}

        @Override
        public void send(LinkFrame.Standing standing) {
            if (!saved.getLast().orders().of(name).told().equals(standing.order())) {
                throw new AssertionError(name + " is told to " + standing.order() + ", which is not durable");
            }
            order = standing.order();
            standings.add(standing);
        }

        /** Says how far it is with a drain. */
        void tell(LinkFrame.Drain drain) {
            wire.add(() -> fleet.received(
                    this,
                    new LinkFrame.Actual(
                            accepted.sequence(),
                            List.of(),
                            LinkFrame.Health.GOOD,
                            LinkFrame.Upgrades.NONE,
                            List.of(),
                            drain,
                            Map.of(),
                            List.of())));
            settle();
        }

        /** Says where it listens now. */
        void tell(Map<String, String> addresses) {
            wire.add(() -> fleet.received(
                    this,
                    new LinkFrame.Actual(
                            accepted.sequence(),
                            List.of(),
                            LinkFrame.Health.GOOD,
                            LinkFrame.Upgrades.NONE,
                            List.of(),
                            LinkFrame.Drain.NONE,
                            addresses,
                            List.of())));
            settle();
        }

        @Override
        public boolean send(LinkFrame.Ask question) {
            return !full && questions.add(question);
        }

        @Override
        public boolean send(LinkFrame.Upgrade upgrade) {
            return !full && upgrades.add(upgrade);
        }

        /** Answers all that it was asked. */
        void found(String state, String reason) {
            questions.forEach(question ->
                    say(new LinkFrame.Answer(question.id(), "", "", List.of(new LinkFrame.Part(state, true, reason)))));
            questions.clear();
            settle();
        }

        @Override
        public boolean send(LinkFrame.Directory part) {
            return !full && directory.add(part);
        }

        /** Tells of its upgrades. */
        void tell(boolean possible, LinkFrame.Upgraded... last) {
            wire.add(() -> fleet.received(
                    this,
                    new LinkFrame.Actual(
                            accepted.sequence(),
                            List.of(),
                            LinkFrame.Health.GOOD,
                            new LinkFrame.Upgrades(possible, List.of(last)))));
            settle();
        }

        private void move(LinkFrame.Desired desired) {
            if (dead || mute || desired.sequence() < accepted.sequence()) {
                return;
            }
            accepted = desired;
            long sequence = desired.sequence();
            tell();
            for (String unit : List.copyOf(serves.keySet())) {
                if (!desired.units().containsKey(unit)) {
                    serves.remove(unit);
                    say(new LinkFrame.Result(sequence, unit, "", true, "", 0));
                }
            }
            desired.units().forEach((unit, digest) -> {
                String reason = refuses.getOrDefault(digest, "");
                if (!reason.isEmpty()) {
                    say(new LinkFrame.Result(sequence, unit, digest, false, reason, 0));
                } else if (!digest.equals(serves.put(unit, digest))) {
                    say(new LinkFrame.Event(unit, "", "FLIP", "DONE", "", 5));
                    say(new LinkFrame.Result(sequence, unit, digest, true, "", 5));
                }
            });
            tell();
        }

        /** Tells what it serves. */
        void tell() {
            List<LinkFrame.Unit> units = new ArrayList<>();
            serves.forEach((unit, digest) -> units.add(new LinkFrame.Unit(
                    unit, build(digest).orElseThrow().version(), digest, List.of("/" + unit + "/*"), 0)));
            say(new LinkFrame.Actual(
                    accepted.sequence(), units, health, processes, List.of(), drain, Map.of(), traffic));
        }

        private void say(LinkFrame frame) {
            if (!dead) {
                wire.add(() -> fleet.received(this, frame));
            }
        }

        @Override
        public void send(LinkFrame.Owners told) {
            if (!saved.getLast().owners().values().containsAll(told.tables())) {
                throw new AssertionError(name + " is told " + told + ", which is not durable");
            }
            owners.add(told);
        }

        @Override
        public void send(LinkFrame.Lease lease) {
            leases.add(lease);
        }

        @Override
        public void ping() {
            if (!dead) {
                heard = fleet.clock().instant();
            }
        }

        @Override
        public Instant heard() {
            return heard;
        }

        @Override
        public void close(int code, String reason) {
            onClose.accept(reason);
            closed = code;
            dead = true;
        }
    }

    /** A node that has lived under another Seed. */
    SimulatedNode adopt(SimulatedNode other) {
        SimulatedNode node = node(other.name);
        node.accepted = other.accepted;
        node.serves.putAll(other.serves);
        node.refuses.putAll(other.refuses);
        return node;
    }

    SimulatedNode node(String name) {
        return nodes.computeIfAbsent(name, SimulatedNode::new);
    }

    void connect(int count) {
        for (int i = 1; i <= count; i++) {
            node("node-" + i).connect();
            settle();
            // No faster than new nodes may come.
            now = now.plusMillis(i < 200 ? 0 : 100);
        }
        nodes.values().forEach(node -> node.heard = now);
    }

    /** Deploys, and delivers what follows from it. */
    Deployment push(String app, String digest) throws FleetException, IOException {
        Deployment begun = fleet.deployments().deploy(app, digest, false, "me");
        settle();
        return now(begun);
    }

    Deployment now(Deployment begun) {
        return fleet.deployments().find(begun.id()).orElseThrow();
    }

    String build(String unit, String version) {
        return build(unit, version, Build.Kind.APP);
    }

    String role(String unit, String version, String... needs) {
        return build(unit, version, Build.Kind.ROLE, needs);
    }

    private String build(String unit, String version, Build.Kind kind, String... needs) {
        String digest = com.espra.protoplex.fleet.build.Sha256.of(
                (unit + version).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        builds.put(
                digest,
                new Build(
                        1,
                        unit,
                        version,
                        now,
                        "0".repeat(16),
                        List.of(new Build.File("a.jar", digest, 1)),
                        Map.of(),
                        10,
                        5,
                        false,
                        Set.of(),
                        kind,
                        false,
                        Set.of(needs),
                        Set.of()));
        return digest;
    }

    /** Delivers what is on the wire, until nothing is. */
    void settle() {
        for (Runnable next = wire.poll(); next != null; next = wire.poll()) {
            next.run();
        }
    }

    /** Lets seconds pass, one by one. */
    void pass(Duration time) {
        for (long i = 0; i < time.toSeconds(); i++) {
            now = now.plusSeconds(1);
            fleet.tick();
            settle();
        }
    }

    /** A Seed that starts from what was saved, while the nodes live on. */
    void restart(FleetData found) throws IOException {
        restart(found, nodes.keySet().toArray(String[]::new));
    }

    /** As {@link #restart(FleetData)}, and these are back at first. */
    void restart(FleetData found, String... back) throws IOException {
        wire.clear();
        saved.add(found);
        fleet = new Fleet(this, key, this, this, this::nanos, () -> ended++);
        for (String name : back) {
            node(name).connect();
        }
    }

    @Override
    public Instant instant() {
        return now.plus(ahead);
    }

    @Override
    public Optional<Build> build(String release) {
        return Optional.ofNullable(builds.get(ReleaseId.of(release).build()));
    }

    @Override
    public Optional<String> digest(String unit, String version) {
        return builds.entrySet().stream()
                .filter(entry -> entry.getValue().unit().equals(unit)
                        && entry.getValue().version().equals(version))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public List<String> versions(String unit) {
        return builds.values().stream()
                .filter(build -> build.unit().equals(unit))
                .map(Build::version)
                .sorted(com.espra.protoplex.fleet.build.BuildOrder.ORDER.reversed())
                .toList();
    }

    @Override
    public Saved load() {
        return new Saved(saved.getLast(), saved.size());
    }

    @Override
    public long save(FleetData data, long version) throws IOException {
        if (diskFull) {
            throw new IOException("the disk is full");
        }
        saved.add(data);
        return saved.size();
    }
}
