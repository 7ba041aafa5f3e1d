package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.hub.LocalHubs;
import com.espra.protoplex.live.core.log.HubDelta;
import com.espra.protoplex.live.core.log.HubLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The other Live nodes that follow the hubs of this one. A node that asks for what comes after a position has all up to there: that is how it
 * acknowledges. Who is gone, and not heard of for a while, is not waited for any more.
 */
public final class Followers {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long MOST_BYTES = 1 << 20;

    /** A node that follows. */
    private static final class Follower {
        int waiting;
        long seen;
    }

    // Guarded by this.
    private final Map<String, Follower> followers = new HashMap<>();
    private long news;
    private boolean stopped;
    private boolean expected;

    private final OtherLiveNodes nodes;
    private volatile BooleanSupplier held = () -> false;
    private final AtomicInteger turns = new AtomicInteger();
    private @Nullable LocalHubs hubs;

    Followers(OtherLiveNodes nodes) {
        this.nodes = nodes;
    }

    /** While requests are held nobody can follow, and those who did are waited for a while only. */
    public void waitsBrieflyWhile(BooleanSupplier isHeld) {
        held = isHeld;
    }

    void start(LocalHubs all) {
        hubs = all;
    }

    LocalHubs hubs() {
        if (hubs == null) {
            throw new IllegalStateException("the hubs are not open yet");
        }
        return hubs;
    }

    /**
     * Whether an update is certain only when another node has it: also while one that is there does not follow yet, or not at the moment. What is taken
     * meanwhile is late, and not lost with one node.
     */
    synchronized boolean areExpected() {
        return expected;
    }

    private boolean areThere() {
        return !held.getAsBoolean() && !nodes.others().isEmpty();
    }

    /** Who was heard of in the last seconds. */
    public synchronized List<String> present() {
        long now = System.nanoTime();
        return followers.entrySet().stream()
                .filter(each -> isPresent(each.getValue(), now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static boolean isPresent(Follower follower, long now) {
        return follower.waiting > 0 || now - follower.seen < PATIENCE_NANOS;
    }

    /** Every while, and before this node owns something: whoever has come is waited for, and whoever has gone is not. */
    void look() {
        boolean there = areThere();
        boolean alone;
        synchronized (this) {
            long now = System.nanoTime();
            followers.values().removeIf(each -> !isPresent(each, now));
            boolean before = expected;
            expected = there || !followers.isEmpty();
            alone = before && !expected;
        }
        if (alone) {
            hubs().all().forEach(LocalHub::acknowledgedByAbsence);
        }
    }

    /** Something is new. */
    synchronized void wake() {
        news++;
        notifyAll();
    }

    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** What is new for a node; waits for it if there is nothing, while it may. */
    Map<String, HubDelta> news(String node, List<HubPlace> places, long nanos, BooleanSupplier admitted)
            throws InterruptedException {
        long end = System.nanoTime() + nanos;
        arrived(node);
        try {
            while (true) {
                long before = count();
                Map<String, HubDelta> some = news(places);
                long left = end - System.nanoTime();
                if (!some.isEmpty() || left <= 0 || !admitted.getAsBoolean() || !await(before, left)) {
                    return some;
                }
            }
        } finally {
            left(node);
        }
    }

    private synchronized void arrived(String node) {
        followers.computeIfAbsent(node, _ -> new Follower()).waiting++;
        expected = true;
    }

    private synchronized void left(String node) {
        Follower follower = followers.computeIfAbsent(node, _ -> new Follower());
        follower.waiting--;
        follower.seen = System.nanoTime();
    }

    private synchronized long count() {
        return news;
    }

    private synchronized boolean await(long before, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (news == before && !stopped && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        return !stopped;
    }

    private Map<String, HubDelta> news(List<HubPlace> places) {
        Map<String, HubPlace> asked = new TreeMap<>();
        places.forEach(place -> asked.put(place.hub(), place));
        Map<String, HubDelta> some = new LinkedHashMap<>();
        List<LocalHub> owned = new ArrayList<>();
        for (LocalHub hub : hubs().all()) {
            HubPlace place = asked.get(hub.name());
            if (hub.isOwned() && place != null) {
                heard(hub, place.end());
            }
            if (hub.isOwned()) {
                owned.add(hub);
            }
        }
        // Each time another hub is the first: one in which much is published does not keep the others from being told.
        if (!owned.isEmpty()) {
            Collections.rotate(owned, turns.getAndIncrement() % owned.size());
        }
        long room = MOST_BYTES;
        for (LocalHub hub : owned) {
            if (room <= 0) {
                break;
            }
            HubPlace place = asked.get(hub.name());
            if (place == null || place.waits() || !hub.isAll(place.end())) {
                HubDelta delta = hub.delta(place == null ? Position.NONE : place.end(), room);
                some.put(hub.name(), delta);
                room -= delta.entries().stream().mapToLong(HubLog::weight).sum();
            }
        }
        return some;
    }

    private static void heard(LocalHub hub, Position end) {
        if (end.epoch() > hub.epoch() && Recovery.areOfOneOwner(end.epoch(), hub.epoch())) {
            hub.recoverAgain();
        } else {
            hub.acknowledged(end);
        }
    }
}
