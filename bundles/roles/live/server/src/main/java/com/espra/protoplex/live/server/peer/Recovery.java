package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.Owners;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.log.HubDelta;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hub comes to this node: asks each other Live node for what it has, takes all that it can, and owns the hub then. */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** So many bits of an epoch tell the lives of one owner in one table apart, such as before and after a restart. */
    private static final int LIFE_BITS = 32;

    /** By so much at most a life is after the one before: two that begin from the same have not the same. */
    private static final int LIFE_STEP = 1 << 20;

    /** For how long a node that is there is asked again that does not answer; after that, for a while, once for each hub. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long AGAIN_MILLIS = 200;

    private final String self;
    private final OtherLiveNodes nodes;
    private final PeerCalls calls;
    private final Owners owners;
    private final Runnable look;
    private final SecureRandom random = new SecureRandom();

    /** When the patience with a node was spent. */
    private final Map<String, Long> patience = new ConcurrentHashMap<>();

    /** @param look looks for others, so that this node does not pass for the only one */
    Recovery(String self, OtherLiveNodes nodes, PeerCalls calls, Owners owners, Runnable look) {
        this.look = look;
        this.self = self;
        this.nodes = nodes;
        this.calls = calls;
        this.owners = owners;
    }

    void recover(LocalHub hub) {
        long attempt = hub.attempt();
        try {
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (!nodes.areKnown() && end - System.nanoTime() > 0) {
                Thread.sleep(AGAIN_MILLIS);
            }
            Set<String> asked = new HashSet<>();
            for (Optional<String> node = next(asked); node.isPresent(); node = next(asked)) {
                take(hub, node.get(), attempt);
                asked.add(node.get());
            }
            long table = owners.owner(OtherLiveNodes.ROLE, hub.name())
                    .map(KeyOwner::epoch)
                    .orElse(0L);
            look.run();
            hub.own(Math.max(table << LIFE_BITS, hub.epoch() + 1) + random.nextInt(LIFE_STEP), attempt);
        } catch (InterruptedException | InterruptedIOException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the hub {} cannot be taken over, which is tried again", hub.name(), e);
            hub.recoveryFailed(attempt);
        }
    }

    /** Whether two epochs are of one owner, before and after a restart. */
    static boolean areOfOneOwner(long one, long other) {
        return one >>> LIFE_BITS == other >>> LIFE_BITS;
    }

    /** One that is there, and may have come just now. */
    private Optional<String> next(Set<String> asked) {
        return nodes.others().stream().filter(node -> !asked.contains(node)).findFirst();
    }

    /** What a node has that is there; one that is gone, or does not answer, is passed over. */
    private void take(LocalHub hub, String node, long attempt) throws InterruptedException, InterruptedIOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                copy(hub, node, attempt);
                patience.remove(node);
                return;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                long now = System.nanoTime();
                Long spent = patience.get(node);
                boolean isSpent = spent != null && now - spent < PATIENCE_NANOS;
                if (isSpent || now - end > 0 || !nodes.others().contains(node)) {
                    if (!isSpent) {
                        patience.put(node, now);
                    }
                    LOG.warn(
                            "what the Live node {} has of the hub {} is not known: if it alone has something, clients are"
                                    + " told of a gap: {}",
                            node,
                            hub.name(),
                            e.getMessage());
                    return;
                }
                Thread.sleep(AGAIN_MILLIS);
            }
        }
    }

    /** All that is newer there than what is here. */
    private void copy(LocalHub hub, String node, long attempt) throws IOException {
        boolean more = true;
        while (more) {
            HubDelta delta = calls.copy(self, node, hub.name(), hub.asksFrom()).get(hub.name());
            more = delta != null && hub.recovered(delta, attempt) && delta.more();
        }
    }
}
