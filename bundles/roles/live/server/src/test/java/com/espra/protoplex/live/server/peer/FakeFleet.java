package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.KeySlots;
import com.espra.protoplex.api.owner.OwnerUnavailableException;
import com.espra.protoplex.api.owner.Owners;
import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.hub.LocalHubs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Live nodes in one process, whose calls are calls of methods. One of them owns all hubs. */
final class FakeFleet implements AutoCloseable {

    final Map<String, FakeNode> nodes = new ConcurrentHashMap<>();
    private volatile @Nullable String owner;
    /** Of nodes that start. */
    HubLimits limits = HubLimits.STANDARD;

    private final AtomicLong epoch = new AtomicLong();

    /** Nodes that are there, and whom nobody reaches and who reach nobody. */
    final Set<String> apart = ConcurrentHashMap.newKeySet();

    FakeNode start(String name) {
        return start(name, new byte[0]);
    }

    /** @param file of the start before; empty if there is none */
    FakeNode start(String name, byte[] file) {
        FakeNode node = new FakeNode(name);
        if (file.length > 0) {
            try {
                node.hubs.restore(new DataInputStream(new ByteArrayInputStream(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        nodes.put(name, node);
        node.peers.start(node.hubs);
        nodes.values().forEach(each -> each.peers.tick());
        return node;
    }

    /** As when a process is killed: nothing is said to anybody, and nothing answers any more. */
    void kill(String name) {
        FakeNode node = Objects.requireNonNull(nodes.remove(name));
        node.peers.stop();
        node.threads.close();
    }

    /** As a process that is told to stop, and keeps what it has. */
    byte[] stop(String name) {
        FakeNode node = Objects.requireNonNull(nodes.get(name));
        kill(name);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            node.hubs.stop(new DataOutputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** The owner is there again within the time that it has to come. */
    void ownAgain() {
        Objects.requireNonNull(nodes.get(owner)).hubs.all().forEach(LocalHub::recover);
    }

    /** As the Seed does it when the owner before is gone, or has let go. */
    void own(String name) {
        owner = null;
        nodes.values().forEach(node -> node.hubs.all().forEach(LocalHub::disown));
        epoch.incrementAndGet();
        owner = name;
        Objects.requireNonNull(nodes.get(name)).hubs.all().forEach(LocalHub::recover);
    }

    @Override
    public void close() {
        List.copyOf(nodes.keySet()).forEach(this::kill);
    }

    final class FakeNode implements FleetCalls, Directory, Owners {
        final String name;
        final PeerThreads threads = new PeerThreads();
        final FleetPeers peers;
        final LocalHubs hubs;
        private final PeerService service;

        FakeNode(String name) {
            this.name = name;
            peers = new FleetPeers(name, this, this, this, threads);
            hubs = new LocalHubs(limits, peers, InstantSource.system(), System::nanoTime);
            service = new PeerService(hubs, peers.followers(), () -> true);
        }

        private boolean isAlive() {
            return nodes.get(name) == this;
        }

        @Override
        public FleetResponse call(String role, FleetRequest request) {
            throw new UnsupportedOperationException("Live nodes call each other by name");
        }

        @Override
        public FleetResponse call(String role, String node, FleetRequest request)
                throws CallFailedException, InterruptedException {
            FakeNode asked = nodes.get(node);
            if (asked == null || !isAlive() || apart.contains(node) || apart.contains(name)) {
                throw failure(role, node, CallFailedException.Reason.UNREACHABLE);
            }
            FleetResponse answer = asked.service.answer(request);
            if (!asked.isAlive()) {
                throw failure(role, node, CallFailedException.Reason.BROKEN);
            }
            return answer;
        }

        private static CallFailedException failure(String role, String node, CallFailedException.Reason reason) {
            return new CallFailedException(role, node, reason, node + " was killed", null);
        }

        @Override
        public Optional<FleetSnapshot> snapshot() {
            Map<String, FleetNode> all = new TreeMap<>();
            for (String each : nodes.keySet()) {
                all.put(
                        each,
                        new FleetNode(
                                each,
                                "",
                                Set.of("live"),
                                Map.of(),
                                Map.of("live", new FleetNode.ServedUnit("1.0.0", List.of())),
                                true,
                                Instant.EPOCH,
                                "HEALTHY"));
            }
            return Optional.of(new FleetSnapshot(1, 1, Instant.EPOCH, all));
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public Optional<KeyOwner> owner(String role, String key) {
            String known = owner;
            return known == null
                    ? Optional.empty()
                    : Optional.of(new KeyOwner(role, KeySlots.of(key), known, epoch.get(), false));
        }

        @Override
        public CompletionStage<KeyOwner> settled(String role, String key) {
            return owner(role, key)
                    .map(CompletableFuture::completedStage)
                    .orElseGet(() -> CompletableFuture.failedStage(new OwnerUnavailableException(role, "nobody")));
        }

        @Override
        public boolean owns(String role, String key) {
            return isAlive() && name.equals(owner);
        }

        @Override
        public Set<String> roles() {
            return Set.of("live");
        }

        @Override
        public List<KeyOwner> slots(String role) {
            return List.of();
        }

        @Override
        public boolean isCurrent(String role) {
            return true;
        }
    }
}
