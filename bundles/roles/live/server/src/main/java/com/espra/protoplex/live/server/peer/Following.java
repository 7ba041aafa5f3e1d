package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.hub.HubFacts;
import com.espra.protoplex.live.core.hub.LocalHub.Standing;
import com.espra.protoplex.live.core.hub.LocalHubs;
import com.espra.protoplex.live.core.log.HubDelta;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the hubs that other Live nodes own: a thread for each node asks it for what is new, all the time. */
final class Following {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    private static final long PAUSE_MILLIS = 300;

    private final String self;
    private final OtherLiveNodes nodes;
    private final PeerCalls calls;
    private final LocalHubs hubs;
    private final Map<String, Thread> threads = new ConcurrentHashMap<>();

    /** Hubs that cannot be opened here, of which it was said. As many as other nodes own at most. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;

    Following(String self, OtherLiveNodes nodes, PeerCalls calls, LocalHubs hubs) {
        this.self = self;
        this.nodes = nodes;
        this.calls = calls;
        this.hubs = hubs;
    }

    /** Nodes may have come. */
    void look() {
        for (String node : nodes.others()) {
            threads.computeIfAbsent(node, name -> {
                Thread thread = Thread.ofPlatform()
                        .daemon()
                        .name("live-follows-" + name)
                        .unstarted(() -> follow(name));
                thread.start();
                return thread;
            });
        }
    }

    private void follow(String node) {
        boolean well = true;
        try {
            while (!stopped && nodes.others().contains(node)) {
                try {
                    boolean taken = take(calls.follow(self, node, places()));
                    well = true;
                    if (!taken) {
                        // It would be said again at once.
                        Thread.sleep(PAUSE_MILLIS);
                    }
                } catch (InterruptedIOException e) {
                    return;
                } catch (IOException | HubRefusedException e) {
                    if (well) {
                        LOG.info(
                                "the hubs of the Live node {} are not followed for the moment: {}",
                                node,
                                e.getMessage());
                    }
                    well = false;
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.remove(node, Thread.currentThread());
        }
    }

    private List<HubPlace> places() {
        return hubs.all().stream()
                .map(hub -> hub.facts())
                .filter(facts -> facts.standing() == Standing.WAITS || facts.standing() == Standing.FOLLOWS)
                .map(Following::place)
                .toList();
    }

    private static HubPlace place(HubFacts facts) {
        return new HubPlace(facts.name(), facts.end(), facts.standing() == Standing.WAITS);
    }

    /** Whether something was taken, or nothing is new; of a hub that cannot be opened here the others do not depend. */
    private boolean take(Map<String, HubDelta> news) {
        boolean taken = news.isEmpty();
        for (Map.Entry<String, HubDelta> hub : news.entrySet()) {
            try {
                taken |= hubs.hub(hub.getKey()).follow(hub.getValue());
                refused.remove(hub.getKey());
            } catch (HubRefusedException e) {
                if (refused.add(hub.getKey())) {
                    LOG.warn(
                            "the hub {} is not followed, what is published in it has no copy here: {}",
                            hub.getKey(),
                            e.getMessage());
                }
            }
        }
        return taken;
    }

    void stop() {
        stopped = true;
        threads.values().forEach(Thread::interrupt);
    }
}
