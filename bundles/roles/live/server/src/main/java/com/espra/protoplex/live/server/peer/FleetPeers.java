package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.Owners;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.HubRefusedException.Reason;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.hub.HubPeers;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.hub.LocalHubs;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other Live nodes as the hubs of this one see them: finds the owner, and brings an update to it as often as it takes. */
public final class FleetPeers implements HubPeers {

    private static final Logger LOG = LoggerFactory.getLogger(FleetPeers.class);

    private static final long AGAIN_MILLIS = 100;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** After its patience, for a call that is under way. */
    private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final String self;
    private final Owners owners;
    private final PeerThreads threads;
    private final OtherLiveNodes nodes;
    private final PeerCalls calls;
    private final Followers followers;
    private final Recovery recovery;
    private final Map<String, PublishLane> lanes = new ConcurrentHashMap<>();

    /** All that somebody waits for: whatever becomes of them, they end. */
    private final Set<OutgoingUpdate> outgoings = ConcurrentHashMap.newKeySet();

    private @Nullable Following following;

    /** @param self the name of this node */
    public FleetPeers(String self, Owners owners, FleetCalls calls, Directory directory, PeerThreads threads) {
        this.self = self;
        this.owners = owners;
        this.threads = threads;
        nodes = new OtherLiveNodes(directory, self);
        followers = new Followers(nodes);
        this.calls = new PeerCalls(calls);
        recovery = new Recovery(self, nodes, this.calls, owners, followers::look);
    }

    /** The hubs are there. */
    public void start(LocalHubs hubs) {
        followers.start(hubs);
        following = new Following(self, nodes, calls, hubs);
    }

    /** Who follows this node. */
    public Followers followers() {
        return followers;
    }

    /** Every while: nodes may have come or gone. */
    public void tick() {
        Following present = following;
        if (present != null) {
            present.look();
        }
        followers.look();
        long latest = System.nanoTime() - OVERDUE_NANOS;
        outgoings.stream().filter(each -> each.isOver(latest)).forEach(FleetPeers::tooLate);
    }

    private static void tooLate(OutgoingUpdate outgoing) {
        outgoing.fail(new HubRefusedException(
                Reason.UNKNOWN,
                "the owner of the hub " + outgoing.hub() + " did not answer in time: it may have been published"));
    }

    @Override
    public boolean owns(String hub) {
        return owners.owns(OtherLiveNodes.ROLE, hub);
    }

    @Override
    public boolean areExpected() {
        return followers.areExpected();
    }

    @Override
    public void recover(LocalHub hub) {
        threads.work(() -> recovery.recover(hub));
    }

    @Override
    public void replay(Runnable work) {
        try {
            threads.work(work);
        } catch (HubRefusedException e) {
            // Somebody has to.
            work.run();
        }
    }

    @Override
    public void appended(LocalHub hub) {
        followers.wake();
    }

    /** The owner opens it, too, and this node follows it then. */
    @Override
    public void opened(LocalHub hub) {
        CompletionStage<Void> _ = owners.settled(OtherLiveNodes.ROLE, hub.name())
                .thenAccept(owner -> {
                    if (!owner.node().equals(self)) {
                        threads.work(() -> open(hub.name(), owner.node()));
                    }
                });
    }

    private void open(String hub, String node) {
        try {
            calls.open(self, node, hub);
        } catch (IOException e) {
            LOG.debug("the hub {} is opened at {} when that is asked for news", hub, node, e);
        }
    }

    @Override
    public CompletionStage<List<Member>> members(String hub) {
        CompletableFuture<List<Member>> all = new CompletableFuture<>();
        threads.work(() -> all.complete(calls.members(self, nodes.others(), hub)));
        return all;
    }

    @Override
    public CompletionStage<Position> publish(String hub, Update update, String key) {
        // With a key it may be sent as often as it takes.
        String once = key.isEmpty() ? UUID.randomUUID().toString() : key;
        OutgoingUpdate outgoing = new OutgoingUpdate(hub, update, once, System.nanoTime() + PATIENCE_NANOS);
        outgoings.add(outgoing);
        CompletionStage<Position> _ = outgoing.answer().whenComplete((_, _) -> outgoings.remove(outgoing));
        route(outgoing);
        return outgoing.answer();
    }

    private void route(OutgoingUpdate outgoing) {
        CompletionStage<KeyOwner> owner;
        try {
            owner = owners.settled(OtherLiveNodes.ROLE, outgoing.hub());
        } catch (RuntimeException e) {
            outgoing.fail(unavailable(outgoing, e));
            return;
        }
        // What is sent on the thread that publishes keeps its order; who completes the other stages has no time for it.
        CompletableFuture<KeyOwner> settled = owner.toCompletableFuture();
        if (settled.isDone() && !settled.isCompletedExceptionally()) {
            guarded(outgoing, () -> send(outgoing, settled.join().node()));
            return;
        }
        var _ = settled.whenComplete((known, failure) -> {
            if (known == null) {
                outgoing.fail(unavailable(outgoing, failure));
            } else {
                guarded(outgoing, () -> threads.work(() -> guarded(outgoing, () -> send(outgoing, known.node()))));
            }
        });
    }

    private static void guarded(OutgoingUpdate outgoing, Runnable step) {
        try {
            step.run();
        } catch (HubRefusedException e) {
            outgoing.fail(e);
        }
    }

    private static HubRefusedException unavailable(OutgoingUpdate outgoing, @Nullable Throwable cause) {
        return new HubRefusedException(
                Reason.UNAVAILABLE,
                "the hub " + outgoing.hub() + " has no owner that can be spoken to: "
                        + (cause == null ? "it is not known" : cause.getMessage()));
    }

    private void send(OutgoingUpdate outgoing, String node) {
        if (node.equals(self)) {
            here(outgoing);
        } else {
            lanes.computeIfAbsent(node, name -> new PublishLane(name, calls, threads, this::again))
                    .send(outgoing);
        }
    }

    private void here(OutgoingUpdate outgoing) {
        LocalHub hub = local().hub(outgoing.hub());
        Optional<CompletionStage<Position>> published = hub.publishAsOwner(outgoing.update(), outgoing.key());
        if (published.isEmpty()) {
            again(outgoing);
            return;
        }
        published.get().whenComplete((position, failure) -> {
            if (position != null) {
                outgoing.done(position);
            } else {
                settle(outgoing, failure);
            }
        });
    }

    private void settle(OutgoingUpdate outgoing, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        HubRefusedException refused = cause instanceof HubRefusedException known
                ? known
                : new HubRefusedException(Reason.UNKNOWN, String.valueOf(cause));
        if (refused.reason() == Reason.UNKNOWN || refused.reason() == Reason.UNAVAILABLE) {
            again(outgoing);
        } else {
            outgoing.fail(refused);
        }
    }

    private void again(OutgoingUpdate outgoing) {
        if (outgoing.isOver(System.nanoTime())) {
            tooLate(outgoing);
        } else {
            guarded(outgoing, () -> threads.later(AGAIN_MILLIS, () -> route(outgoing), outgoing::fail));
        }
    }

    private LocalHubs local() {
        return followers.hubs();
    }

    /** Nothing waits for other nodes any more. */
    public void stop() {
        followers.stop();
        if (following != null) {
            following.stop();
        }
        lanes.values().forEach(PublishLane::stop);
        outgoings.forEach(each -> each.fail(new HubRefusedException(
                Reason.UNKNOWN, "this version of Live stops: it may have been published, publish it again")));
    }
}
