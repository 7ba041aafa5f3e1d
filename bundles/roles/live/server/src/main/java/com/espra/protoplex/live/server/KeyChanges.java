package com.espra.protoplex.live.server;

import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Subscription;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.UpdateFilter;
import com.espra.protoplex.live.server.select.SelectorText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What one node is told at once of the keys of the fleet that changed. It asks from a place, waits if there is nothing, and asks again from the place of
 * the answer when it has done what it had to.
 */
final class KeyChanges implements Subscriber, UpdateFilter {

    private static final int MOST = 1_000;
    private static final int MOST_BEGINNINGS = 64;

    private final List<String> beginnings;

    // Guarded by this.
    private final Set<String> changed = new LinkedHashSet<>();
    private boolean all;
    private boolean full;
    private boolean over;
    private boolean begun;
    private Position at = Position.NONE;

    private KeyChanges(List<String> beginnings, boolean all) {
        this.beginnings = beginnings;
        this.all = all;
    }

    /** Answers a node. */
    static Map<String, Object> answer(OpenHubs hubs, LiveAdmission admission, Map<String, Object> asked, long nanos)
            throws InterruptedException {
        String from = SelectorText.string(asked, "at", "");
        List<String> beginnings = SelectorText.strings(asked, "keys");
        if (beginnings.isEmpty() || beginnings.size() > MOST_BEGINNINGS) {
            throw new IllegalArgumentException("ask for the beginnings of 1 to " + MOST_BEGINNINGS + " keys");
        }
        KeyChanges changes = new KeyChanges(beginnings, from.isEmpty());
        Runnable end = changes::end;
        Subscription subscription = hubs.hub(LiveUpdate.FLEET)
                .subscribe(Member.hidden("keys", ""), changes, SelectorText.resume(from), changes);
        try {
            admission.onClose(end);
            changes.await(nanos);
            subscription.close();
            return changes.answer(subscription.position(), from);
        } finally {
            subscription.close();
            admission.forget(end);
        }
    }

    @Override
    public boolean matches(Update update) {
        return update.keys().stream().anyMatch(key -> beginnings.stream().anyMatch(key::startsWith));
    }

    @Override
    public synchronized void started(Position from, boolean recovered) {
        all |= !recovered;
        begun = true;
        notifyAll();
    }

    @Override
    public synchronized void update(HubEntry entry) {
        full |= changed.size() >= MOST;
        if (!full) {
            changed.addAll(entry.update().keys());
            at = entry.position();
            notifyAll();
        }
    }

    @Override
    public void ended(End reason) {
        end();
    }

    private synchronized void end() {
        over = true;
        notifyAll();
    }

    private synchronized void await(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!over && changed.isEmpty() && !(begun && all) && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
    }

    private synchronized Map<String, Object> answer(Position closed, String before) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("at", !begun ? before : changed.isEmpty() ? closed.toString() : at.toString());
        answer.put("all", begun && all);
        answer.put("changed", new ArrayList<>(changed));
        return answer;
    }
}
