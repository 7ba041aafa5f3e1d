package com.espra.protoplex.live.server.web;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.UpdateFilter;
import com.espra.protoplex.live.server.select.Selector;
import com.espra.protoplex.live.server.select.SelectorText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** What one poll answers: the updates of all queries of a session, in order, as many as it may hold; the next poll goes on behind them. */
final class Gathered implements Subscriber, UpdateFilter {

    private static final int MOST = 500;
    private static final int MOST_CHARACTERS = 256 * 1024;

    private final Map<String, Selector> queries;
    private final boolean mayMiss;
    private final Set<String> keys = new HashSet<>();

    // Guarded by this.
    private final Map<String, List<Object>> items = new LinkedHashMap<>();
    private final Set<String> refresh = new TreeSet<>();
    private String at = "";
    private int count;
    private int characters;
    private boolean full;
    private boolean over;
    private boolean begun;

    /** @param mayMiss whether it is not known from where on it was to be told */
    Gathered(Map<String, Selector> queries, boolean mayMiss) {
        this.queries = queries;
        this.mayMiss = mayMiss;
        queries.values().forEach(query -> keys.addAll(query.anyOf()));
    }

    @Override
    public boolean matches(Update update) {
        return queries.values().stream().anyMatch(query -> query.matches(update));
    }

    @Override
    public Set<String> anyOf() {
        return keys;
    }

    @Override
    public synchronized void started(Position from, boolean recovered) {
        if (!recovered || mayMiss) {
            items.clear();
            refresh.addAll(queries.keySet());
        }
        begun = true;
        at = from.toString();
        notifyAll();
    }

    @Override
    public synchronized void update(HubEntry entry) {
        full |= count >= MOST || characters > MOST_CHARACTERS;
        if (full) {
            return;
        }
        queries.forEach((id, query) -> {
            if (query.matches(entry.update())) {
                items.computeIfAbsent(id, _ -> new ArrayList<>()).add(SelectorText.entry(entry));
                characters += entry.update().data().length();
            }
        });
        count++;
        at = entry.position().toString();
        notifyAll();
    }

    @Override
    public void ended(End reason) {
        end();
    }

    /** Answers with what is there; what comes until the subscription is closed is among it. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    /** Waits until there is something, or the time is over. */
    synchronized void await(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!over && items.isEmpty() && refresh.isEmpty() && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
    }

    /**
     * The place to go on from.
     *
     * @param closed where the subscription was closed
     */
    synchronized String at(Position closed, String before) {
        return !begun ? before : full || count > 0 ? at : closed.toString();
    }

    synchronized Map<String, Object> answer(String place) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("at", place);
        answer.put("items", items);
        answer.put("refresh", List.copyOf(refresh));
        return answer;
    }
}
