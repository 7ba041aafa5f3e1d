package com.espra.protoplex.live.core.hub;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Subscription;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.log.HubDelta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** Nodes that publish, follow, are swapped, moved and killed, and clients that come and go, in an order that a seed says: no gap is silent. */
public class RandomHubsTest {

    private static final String HUB = "h";
    private static final int STEPS = 600;

    /** Three nodes that die at any moment, also when they alone have something. */
    @Test
    public void noGapIsSilent() throws Exception {
        int gaps = 0;
        for (long seed = 0; seed < 150; seed++) {
            Fleet fleet = new Fleet(seed, 3, false);
            fleet.run();
            gaps += fleet.gaps;
        }
        assertTrue("the nodes were not killed hard enough to lose anything", gaps > 0);
    }

    /** Two nodes of which one dies at any moment at which both are there. */
    @Test
    public void whatIsAcknowledgedOutlivesOneNode() throws Exception {
        for (long seed = 0; seed < 150; seed++) {
            Fleet fleet = new Fleet(seed, 2, true);
            fleet.run();
            TreeSet<String> lost = new TreeSet<>(fleet.acknowledged);
            fleet.kept().forEach(entry -> lost.remove(entry.update().data()));
            assertEquals("seed " + seed, new TreeSet<>(), lost);
        }
    }

    private static final class Fleet {
        final long seed;
        final Random random;
        final boolean careful;
        final List<Node> nodes = new ArrayList<>();
        final List<Client> clients = new ArrayList<>();
        final List<String> acknowledged = new ArrayList<>();
        int owner;
        long epoch;
        int published;
        int gaps;

        Fleet(long seed, int count, boolean careful) {
            this.seed = seed;
            this.careful = careful;
            random = new Random(seed);
            for (int i = 0; i < count; i++) {
                nodes.add(new Node(this, i));
            }
            for (int i = 0; i < 6; i++) {
                clients.add(new Client(this, i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : ""));
            }
            nodes.getFirst().hub().recover();
        }

        void run() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                int what = random.nextInt(100);
                Node node = nodes.get(random.nextInt(nodes.size()));
                if (what < 40) {
                    publish();
                } else if (what < 70) {
                    node.follow();
                } else if (what < 85) {
                    clients.get(random.nextInt(clients.size())).turn();
                } else if (what < 90) {
                    node.swap();
                } else if (what < 93) {
                    move();
                } else if (what < 95) {
                    kill(node);
                } else if (what < 96) {
                    rest(node);
                } else {
                    node.revive();
                }
            }
            settle();
            clients.forEach(Client::check);
        }

        void settle() throws IOException {
            for (Node node : nodes) {
                node.revive();
            }
            for (int i = 0; i < 2000; i++) {
                nodes.forEach(Node::follow);
            }
            clients.forEach(Client::connect);
        }

        List<HubEntry> kept() {
            return nodes.get(owner).hub().delta(Position.NONE, Long.MAX_VALUE).entries();
        }

        void publish() {
            List<Node> alive = nodes.stream().filter(node -> node.alive).toList();
            Node at = alive.get(random.nextInt(alive.size()));
            String data = String.valueOf(++published);
            at.hub()
                    .publish(Update.of(random.nextBoolean() ? "a" : "b", data), "")
                    .thenAccept(_ -> acknowledged.add(data));
        }

        void move() {
            List<Node> alive = nodes.stream().filter(node -> node.alive).toList();
            nodes.get(owner).hub().disown();
            owner = alive.get(random.nextInt(alive.size())).number;
            nodes.get(owner).hub().recover();
        }

        /** It is stopped with what it has, perhaps with an end that nobody else got, and comes again with it. */
        void rest(Node node) throws IOException {
            if (!careful && nodes.stream().filter(each -> each.alive).count() > 1 && node.alive) {
                byte[] file = node.stop();
                kill(node);
                node.file = file;
            }
        }

        void kill(Node node) {
            long alive = nodes.stream().filter(each -> each.alive).count();
            if (!node.alive || alive == 1 || (careful && !nodes.stream().allMatch(each -> each.synced()))) {
                return;
            }
            node.alive = false;
            clients.forEach(client -> client.died(node));
            if (owner == node.number) {
                owner = nodes.stream().filter(each -> each.alive).findAny().orElseThrow().number;
                nodes.get(owner).hub().recover();
            } else if (alive == 2) {
                nodes.get(owner).hub().acknowledgedByAbsence();
            }
        }
    }

    private static final class Node implements HubPeers {
        final Fleet fleet;
        final int number;
        LocalHubs hubs;
        boolean alive = true;
        byte @Nullable [] file;

        /** Whether it has had, at some time since it started, all that the owner had then. */
        boolean follows;

        Node(Fleet fleet, int number) {
            this.fleet = fleet;
            this.number = number;
            hubs = empty();
        }

        LocalHubs empty() {
            return new LocalHubs(HubLimits.STANDARD, this, () -> Instant.EPOCH, () -> 0);
        }

        LocalHub hub() {
            return hubs.hub(HUB);
        }

        boolean synced() {
            return alive && (fleet.owner == number || follows);
        }

        void revive() throws IOException {
            if (!alive) {
                alive = true;
                follows = false;
                hubs = empty();
                if (file != null) {
                    restore(file);
                    file = null;
                }
            }
        }

        byte[] stop() throws IOException {
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            hubs.stop(new DataOutputStream(kept));
            return kept.toByteArray();
        }

        void restore(byte[] kept) throws IOException {
            hubs.restore(new DataInputStream(new ByteArrayInputStream(kept)));
        }

        void follow() {
            LocalHub owner = fleet.nodes.get(fleet.owner).hub();
            if (!alive || fleet.owner == number) {
                return;
            }
            Position end = hub().asksFrom();
            HubDelta delta = owner.delta(end, 1 + fleet.random.nextInt(2000));
            if (!delta.isReset()) {
                owner.acknowledged(end.offset());
            }
            hub().follow(delta);
            follows |= !delta.more();
        }

        void swap() throws IOException {
            if (!alive) {
                return;
            }
            List<Client> here =
                    fleet.clients.stream().filter(client -> client.node == this).toList();
            here.forEach(Client::disconnect);
            byte[] kept = stop();
            hubs = empty();
            restore(kept);
            if (fleet.owner == number) {
                hub().recover();
            }
            here.forEach(client -> client.connect(this));
        }

        @Override
        public boolean owns(String hub) {
            return alive && fleet.owner == number;
        }

        @Override
        public boolean areExpected() {
            return fleet.nodes.stream().filter(node -> node.alive).count() > 1;
        }

        @Override
        public CompletionStage<Position> publish(String hub, Update update, String key) {
            return fleet.nodes
                    .get(fleet.owner)
                    .hub()
                    .publishAsOwner(update, key)
                    .orElseGet(() -> CompletableFuture.failedFuture(
                            new HubRefusedException(HubRefusedException.Reason.UNAVAILABLE, "on its way")));
        }

        @Override
        public CompletionStage<List<Member>> members(String hub) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void recover(LocalHub hub) {
            fleet.nodes.stream()
                    .filter(node -> node.alive && node != this)
                    .max(Comparator.comparing(node -> node.hub().end()))
                    .filter(node -> node.hub().end().compareTo(hub.end()) > 0)
                    .ifPresent(best -> {
                        HubDelta delta;
                        do {
                            delta = best.hub().delta(hub.asksFrom(), 500);
                            assertTrue("seed " + fleet.seed, hub.recovered(delta));
                        } while (delta.more());
                    });
            hub.own(++fleet.epoch);
        }

        @Override
        public void opened(LocalHub hub) {}

        @Override
        public void appended(LocalHub hub) {}
    }

    /** What a client was told, since its last gap. */
    private static final class Client implements Subscriber {
        final Fleet fleet;
        final String key;
        final List<String> heard = new ArrayList<>();

        @Nullable
        Node node;

        @Nullable
        Subscription subscription;

        Resume resume = Resume.NOW;
        long from = -1;

        Client(Fleet fleet, String key) {
            this.fleet = fleet;
            this.key = key;
        }

        void turn() {
            if (node == null) {
                connect();
            } else {
                disconnect();
            }
        }

        void connect() {
            List<Node> alive = fleet.nodes.stream().filter(each -> each.alive).toList();
            if (node == null) {
                connect(alive.get(fleet.random.nextInt(alive.size())));
            }
        }

        void connect(Node to) {
            node = to;
            subscription = to.hub()
                    .subscribe(
                            Member.hidden("c", ""),
                            update -> key.isEmpty() || update.keys().contains(key),
                            resume,
                            this);
        }

        void disconnect() {
            if (subscription != null) {
                subscription.close();
                if (from >= 0) {
                    resume = Resume.after(subscription.position());
                }
                subscription = null;
                node = null;
            }
        }

        /** What it knows of is what it got last. */
        void died(Node dead) {
            if (node == dead) {
                disconnect();
            }
        }

        @Override
        public void started(Position position, boolean recovered) {
            if (!recovered || from < 0) {
                fleet.gaps += recovered ? 0 : 1;
                heard.clear();
                from = position.offset();
            }
        }

        @Override
        public void update(HubEntry entry) {
            heard.add(entry.update().data());
        }

        void check() {
            List<String> expected = fleet.kept().stream()
                    .filter(entry -> entry.position().offset() > from)
                    .map(HubEntry::update)
                    .filter(update -> key.isEmpty() || update.keys().contains(key))
                    .map(Update::data)
                    .toList();
            assertEquals("seed " + fleet.seed + ", after " + from, expected, heard);
        }
    }
}
