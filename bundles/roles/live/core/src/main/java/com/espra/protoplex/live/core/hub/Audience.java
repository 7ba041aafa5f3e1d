package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.HubEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The subscriptions of a hub, found by the keys of which they need one. Whoever is called may close or change subscriptions: that is done when the
 * call is over. Guarded by the hub.
 */
final class Audience {

    private final Map<String, Set<LocalSubscription>> byKey = new HashMap<>();
    private final Set<LocalSubscription> ofAll = new LinkedHashSet<>();
    private final Set<LocalSubscription> all = new LinkedHashSet<>();
    private final List<Runnable> later = new ArrayList<>();
    private int calling;

    int size() {
        return all.size();
    }

    void add(LocalSubscription subscription) {
        whenQuiet(() -> {
            if (!subscription.isClosed()) {
                all.add(subscription);
                index(subscription);
            }
        });
    }

    void remove(LocalSubscription subscription) {
        whenQuiet(() -> {
            all.remove(subscription);
            unindex(subscription);
        });
    }

    void change(LocalSubscription subscription, Runnable change) {
        whenQuiet(() -> {
            unindex(subscription);
            change.run();
            if (!subscription.isClosed()) {
                index(subscription);
            }
        });
    }

    private void index(LocalSubscription subscription) {
        Set<String> keys = subscription.filter().anyOf();
        if (keys.isEmpty()) {
            ofAll.add(subscription);
        }
        keys.forEach(
                key -> byKey.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(subscription));
    }

    private void unindex(LocalSubscription subscription) {
        ofAll.remove(subscription);
        subscription
                .filter()
                .anyOf()
                .forEach(key -> byKey.computeIfPresent(key, (_, those) -> {
                    those.remove(subscription);
                    return those.isEmpty() ? null : those;
                }));
    }

    void deliver(HubEntry entry) {
        calling++;
        try {
            for (String key : entry.update().keys()) {
                byKey.getOrDefault(key, Set.of()).forEach(each -> each.offer(entry));
            }
            ofAll.forEach(each -> each.offer(entry));
        } finally {
            calling--;
            catchUp();
        }
    }

    void forEach(Consumer<LocalSubscription> use) {
        calling++;
        try {
            all.forEach(use);
        } finally {
            calling--;
            catchUp();
        }
    }

    private void whenQuiet(Runnable change) {
        if (calling == 0) {
            change.run();
        } else {
            later.add(change);
        }
    }

    private void catchUp() {
        if (calling == 0) {
            List<Runnable> changes = List.copyOf(later);
            later.clear();
            changes.forEach(Runnable::run);
        }
    }
}
