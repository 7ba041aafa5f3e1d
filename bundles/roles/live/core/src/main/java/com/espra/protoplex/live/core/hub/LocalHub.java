package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.HubRefusedException.Reason;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Subscription;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.UpdateFilter;
import com.espra.protoplex.live.core.log.HubDelta;
import com.espra.protoplex.live.core.log.HubLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A hub as this node has it: a copy of its log, and its own subscribers. If the node owns the hub, the log is extended here, and an update is delivered
 * when another node has it; otherwise it is extended by what the owner says, and delivered at once.
 */
public final class LocalHub implements Hub {

    /** Keys that begin so are the hubs' own. */
    static final String RESERVED = "protoplex:";

    private static final String REVOKED = RESERVED + "revoked";

    /** How many updates wait for a second node at most. */
    private static final int MOST_UNCERTAIN = 1_000;

    /** After that who published is told that nobody knows. */
    private static final long LONGEST_UNCERTAIN_MILLIS = 10_000;

    /** What this node is to the hub. */
    public enum Standing {
        /** It has a copy, which may be behind, and waits to hear of the owner. */
        WAITS,
        /** It has what the owner has. */
        FOLLOWS,
        /** It is to own it, and asks the others what they have. */
        RECOVERS,
        /** It owns it. */
        OWNS
    }

    private final String name;
    private final HubPeers peers;
    private final HubMemory memory;
    private final HubLog log = new HubLog();
    private final Audience audience = new Audience();
    private final UncertainUpdates commits = new UncertainUpdates();

    // Guarded by this.
    private Standing standing = Standing.WAITS;
    private Position delivered = Position.NONE;

    /** Up to there another node has it, or none is expected. What is delivered is more, after a change of owners. */
    private long certainTo;

    private long attempt;
    private boolean failed;

    LocalHub(String name, HubPeers peers, HubMemory memory) {
        this.name = name;
        this.peers = peers;
        this.memory = memory;
    }

    @Override
    public String name() {
        return name;
    }

    // ---- publishing

    @Override
    public CompletionStage<Position> publish(Update update, String key) {
        if (update.keys().stream().anyMatch(each -> each.startsWith(RESERVED)) || key.length() > Update.LONGEST_KEY) {
            return CompletableFuture.failedFuture(new HubRefusedException(
                    Reason.BAD,
                    "keys that begin with '" + RESERVED + "' are the hub's own, and an idempotency key has at most "
                            + Update.LONGEST_KEY + " characters"));
        }
        return send(update, key);
    }

    @Override
    public CompletionStage<Position> revoke(String user) {
        if (user.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new HubRefusedException(Reason.BAD, "who is without a name cannot be told from others"));
        }
        return send(new Update("", List.of(REVOKED), "", user, true, 0), "");
    }

    private CompletionStage<Position> send(Update update, String key) {
        return publishAsOwner(update, key).orElseGet(() -> peers.publish(name, update, key));
    }

    /** Publishes if this node owns the hub; empty if it does not. */
    public Optional<CompletionStage<Position>> publishAsOwner(Update update, String key) {
        CompletableFuture<Position> certain;
        List<Runnable> settled = List.of();
        synchronized (this) {
            if (standing != Standing.OWNS || !peers.owns(name)) {
                return Optional.empty();
            }
            Optional<HubEntry> before = key.isEmpty() ? Optional.empty() : log.byKey(key);
            if (before.isPresent() && before.get().position().offset() <= certainTo) {
                return Optional.of(
                        CompletableFuture.completedFuture(before.get().position()));
            }
            if (log.last().offset() - delivered.offset() >= MOST_UNCERTAIN || commits.isFull()) {
                return Optional.of(CompletableFuture.failedFuture(new HubRefusedException(
                        Reason.FULL, "too many updates of the hub " + name + " wait for a second node: later")));
            }
            if (before.isPresent()) {
                certain = commits.awaitAmong(before.get().position(), memory.monotonic());
            } else {
                HubEntry entry = append(update, key);
                certain = commits.await(entry.position(), memory.monotonic());
            }
            if (!peers.areExpected()) {
                settled = commit(log.last().offset());
            }
        }
        settled.forEach(Runnable::run);
        peers.appended(this);
        memory.bound();
        return Optional.of(certain);
    }

    private HubEntry append(Update update, String key) {
        long bytes = log.bytes();
        HubEntry entry = log.append(update, key, memory.now(), memory.monotonic());
        trim();
        memory.changed(log.bytes() - bytes);
        return entry;
    }

    /** What was delivered to nobody is never forgotten. */
    private void trim() {
        log.trim(memory.limits().entries(), memory.oldest(), delivered.offset());
    }

    /** Others have the log up to here, so it is certain. */
    public void acknowledged(long offset) {
        List<Runnable> settled;
        synchronized (this) {
            settled = standing == Standing.OWNS
                    ? commit(Math.min(offset, log.last().offset()))
                    : List.of();
        }
        settled.forEach(Runnable::run);
    }

    /** Another node has all up to there, if that is a place in this log. */
    public void acknowledged(Position end) {
        boolean leads;
        synchronized (this) {
            leads = log.leadsFrom(end);
        }
        if (leads) {
            acknowledged(end.offset());
        }
    }

    /** Whether this node owns it. */
    public synchronized boolean isOwned() {
        return standing == Standing.OWNS;
    }

    /** There is no other node any more: what is here is certain. */
    public void acknowledgedByAbsence() {
        acknowledged(Long.MAX_VALUE);
    }

    private List<Runnable> commit(long offset) {
        for (long at = Math.max(delivered.offset(), log.firstOffset() - 1) + 1; at <= offset; at++) {
            deliver(log.get(at));
        }
        certainTo = Math.max(certainTo, offset);
        return commits.upTo(offset);
    }

    private void deliver(HubEntry entry) {
        delivered = entry.position();
        if (entry.update().keys().getFirst().equals(REVOKED)) {
            String user = entry.update().data();
            audience.forEach(each -> {
                if (each.member().user().equals(user)) {
                    each.end(Subscriber.End.REVOKED);
                }
            });
        } else {
            audience.deliver(entry);
        }
    }

    // ---- subscribing

    @Override
    public Subscription subscribe(Member member, UpdateFilter filter, Resume from, Subscriber subscriber) {
        memory.takeSubscription(name);
        LocalSubscription subscription = new LocalSubscription(this, member, filter, from, subscriber);
        boolean begins;
        synchronized (this) {
            audience.add(subscription);
            begins = standing == Standing.FOLLOWS || standing == Standing.OWNS;
            if (begins) {
                start(subscription);
            }
        }
        if (begins) {
            new Replay(this, List.of(subscription)).run();
        }
        return subscription;
    }

    private void start(LocalSubscription subscription) {
        OptionalLong after = after(subscription.begin());
        subscription.started(after.isPresent() ? log.positionAt(after.getAsLong()) : delivered, after.isPresent());
    }

    private void replay(List<LocalSubscription> begun) {
        if (!begun.isEmpty()) {
            peers.replay(new Replay(this, begun));
        }
    }

    /**
     * Some of the past of a subscription: the hub is held for not much longer than so many nanoseconds.
     *
     * @return whether there is more
     */
    synchronized boolean replay(LocalSubscription subscription, int most, long nanos) {
        long end = System.nanoTime() + nanos;
        for (int i = 0; i < most && subscription.isReplaying(); i++) {
            long next = subscription.position().offset() + 1;
            if (next > delivered.offset()) {
                subscription.goesWithHub();
            } else if (next < log.firstOffset()) {
                // It was forgotten before it was read.
                subscription.lost(delivered);
            } else {
                subscription.replay(
                        log.get(next), log.get(next).update().keys().getFirst().equals(REVOKED));
            }
            if (System.nanoTime() - end > 0) {
                break;
            }
        }
        return subscription.isReplaying();
    }

    /** What is not certain yet is not delivered to anybody. */
    private OptionalLong after(Resume from) {
        if (from instanceof Resume.Now) {
            return OptionalLong.of(delivered.offset());
        }
        OptionalLong after = log.after(from);
        return after.isPresent() && after.getAsLong() > delivered.offset() ? OptionalLong.empty() : after;
    }

    synchronized Position delivered() {
        return delivered;
    }

    synchronized void change(LocalSubscription subscription, Runnable change) {
        audience.change(subscription, change);
    }

    synchronized void remove(LocalSubscription subscription) {
        audience.remove(subscription);
        memory.returnSubscription();
    }

    // ---- what it is

    @Override
    public synchronized Position last() {
        return delivered;
    }

    @Override
    public synchronized Optional<HubEntry> find(String id) {
        return log.byId(id).filter(entry -> entry.position().offset() <= delivered.offset());
    }

    @Override
    public synchronized boolean isRecoverable(Resume from) {
        return after(from).isPresent();
    }

    @Override
    public CompletionStage<List<Member>> members() {
        List<Member> here = listed();
        return peers.members(name).thenApply(others -> {
            List<Member> all = new ArrayList<>(here);
            all.addAll(others);
            return all.subList(0, Math.min(all.size(), HubMemory.MOST_LISTED));
        });
    }

    /** Those who are listed here. */
    public synchronized List<Member> listed() {
        List<Member> members = new ArrayList<>();
        audience.forEach(each -> {
            if (each.member().listed() && members.size() < HubMemory.MOST_LISTED) {
                members.add(each.member());
            }
        });
        return members;
    }

    /** What it is at the moment. */
    public synchronized HubFacts facts() {
        return new HubFacts(name, standing, log.asksFrom(), log.size(), log.bytes(), audience.size());
    }

    // ---- its owner

    /** The newest of its log, certain or not. */
    public synchronized Position end() {
        return log.last();
    }

    /** After which position it needs what is new: before its end, while a newer log comes in parts. */
    public synchronized Position asksFrom() {
        return log.asksFrom();
    }

    /** What somebody needs who has the log up to there. */
    public synchronized HubDelta delta(Position from, long most) {
        return log.delta(from, most);
    }

    /** Whether somebody who has it up to there has all. */
    public synchronized boolean isAll(Position position) {
        return position.equals(log.last());
    }

    /** This node is to own it. */
    public void recover() {
        synchronized (this) {
            if (standing == Standing.RECOVERS || standing == Standing.OWNS) {
                return;
            }
            standing = Standing.RECOVERS;
            log.settle();
        }
        beginRecovery();
    }

    private void beginRecovery() {
        synchronized (this) {
            if (standing != Standing.RECOVERS) {
                return;
            }
            attempt++;
            failed = false;
        }
        try {
            peers.recover(this);
        } catch (HubRefusedException e) {
            // Too much is under way: the next tick tries again.
            recoveryFailed(attempt());
        }
    }

    /** The number of the recovery that was begun last: an earlier one changes nothing any more. */
    public synchronized long attempt() {
        return attempt;
    }

    /** It is tried again, soon. */
    public synchronized void recoveryFailed(long of) {
        failed |= of == attempt;
    }

    /** Another node's, in the course of {@link #recover}. */
    public synchronized boolean recovered(HubDelta delta) {
        return standing == Standing.RECOVERS && apply(delta);
    }

    /** Another node's, in the course of a recovery, if that is still the last. */
    public synchronized boolean recovered(HubDelta delta, long of) {
        return of == attempt && recovered(delta);
    }

    /** The newest owner that it knows of; 0 if none. */
    public synchronized long epoch() {
        return log.epoch();
    }

    /** As {@link #own(long)}, if the recovery is still the last. */
    public void own(long epoch, long of) {
        if (of == attempt()) {
            own(epoch);
        }
    }

    /**
     * Others have more than this owner knows of, of a life of the same node: it could not ask them when it began. What is not certain is published
     * again, and what they have is taken.
     */
    public void recoverAgain() {
        synchronized (this) {
            if (standing != Standing.OWNS) {
                return;
            }
        }
        disown();
        recover();
    }

    /**
     * This node owns it, with all that the others had of it.
     *
     * @param epoch larger than any before; one more than that, if it is not
     */
    public void own(long epoch) {
        List<Runnable> settled;
        List<LocalSubscription> begun;
        synchronized (this) {
            if (standing != Standing.RECOVERS) {
                return;
            }
            log.begin(Math.max(epoch, log.epoch() + 1));
            standing = Standing.OWNS;
            boolean alone = !peers.areExpected();
            settled = commit(log.last().offset());
            delivered = log.last();
            // Clients may hear what was taken over; who asks whether it is certain waits until a second node has it
            // again.
            certainTo = alone ? delivered.offset() : 0;
            begun = startAll();
        }
        settled.forEach(Runnable::run);
        replay(begun);
        peers.appended(this);
    }

    /** This node owns it no longer. */
    public void disown() {
        List<Runnable> settled;
        synchronized (this) {
            standing = Standing.WAITS;
            settled = commits.abandon(name);
        }
        settled.forEach(Runnable::run);
    }

    /** What the owner says. Of what follows from it the copy is delivered at once. */
    public boolean follow(HubDelta delta) {
        boolean taken;
        List<LocalSubscription> begun = List.of();
        synchronized (this) {
            taken = (standing == Standing.WAITS || standing == Standing.FOLLOWS) && apply(delta);
            if (taken && !delta.more()) {
                standing = Standing.FOLLOWS;
                begun = startAll();
            }
        }
        replay(begun);
        memory.bound();
        return taken;
    }

    private boolean apply(HubDelta delta) {
        Position before = delivered;
        long bytes = log.bytes();
        if (!log.apply(delta, memory.monotonic())) {
            return false;
        }
        if (log.leadsFrom(before)) {
            commit(log.last().offset());
        } else {
            delivered = log.last();
            audience.forEach(each -> {
                if (!each.isWaiting()) {
                    each.lost(delivered);
                }
            });
        }
        trim();
        memory.changed(log.bytes() - bytes);
        return true;
    }

    private List<LocalSubscription> startAll() {
        List<LocalSubscription> begun = new ArrayList<>();
        audience.forEach(each -> {
            if (each.isWaiting() && !each.isClosed()) {
                start(each);
                begun.add(each);
            }
        });
        return begun;
    }

    /** Forgets what is too old, and tries again what failed. */
    void tick() {
        List<Runnable> settled;
        boolean again;
        synchronized (this) {
            long bytes = log.bytes();
            trim();
            memory.changed(log.bytes() - bytes);
            settled = commits.expire(name, memory.monotonic() - LONGEST_UNCERTAIN_MILLIS);
            again = failed;
        }
        settled.forEach(Runnable::run);
        if (again) {
            beginRecovery();
        }
    }

    synchronized long bytes() {
        return log.bytes();
    }

    /** Forgets the oldest down to so many bytes. */
    synchronized void trimTo(long most) {
        long bytes = log.bytes();
        log.trimTo(most, delivered.offset());
        memory.changed(log.bytes() - bytes);
    }

    /** What it keeps, for the next version or start; its subscribers are told to come again. */
    synchronized HubDelta stop() {
        standing = Standing.WAITS;
        audience.forEach(each -> each.end(Subscriber.End.STOPPING));
        return log.delta(Position.NONE, Long.MAX_VALUE);
    }

    /** What was kept by the version or the start before. */
    synchronized void restore(HubDelta delta) {
        long bytes = log.bytes();
        if (log.apply(delta, memory.monotonic())) {
            delivered = log.last();
            memory.changed(log.bytes() - bytes);
        }
    }
}
