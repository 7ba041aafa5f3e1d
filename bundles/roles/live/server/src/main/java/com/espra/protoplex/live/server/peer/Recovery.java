package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.Owners;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.log.HubDelta;
import java.io.IOException;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hub comes to this node: asks each other Live node for what it has, takes all that it can, and owns the hub then. */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** So many bits of an epoch tell two owners of one table apart, such as a node before and after a restart. */
    private static final int LIFE_BITS = 20;

    private final String self;
    private final OtherLiveNodes nodes;
    private final PeerCalls calls;
    private final Owners owners;
    private final SecureRandom random = new SecureRandom();

    Recovery(String self, OtherLiveNodes nodes, PeerCalls calls, Owners owners) {
        this.self = self;
        this.nodes = nodes;
        this.calls = calls;
        this.owners = owners;
    }

    void recover(LocalHub hub) {
        for (String node : nodes.others()) {
            try {
                take(hub, node);
            } catch (IOException e) {
                LOG.warn(
                        "what the Live node {} has of the hub {} is not known: if it alone has something, clients are told"
                                + " of a gap: {}",
                        node,
                        hub.name(),
                        e.getMessage());
            }
        }
        long table = owners.owner(OtherLiveNodes.ROLE, hub.name()).map(KeyOwner::epoch).orElse(0L);
        hub.own((table << LIFE_BITS) | random.nextInt(1 << LIFE_BITS));
    }

    /** All that is newer there than what is here. */
    private void take(LocalHub hub, String node) throws IOException {
        boolean more = true;
        while (more) {
            HubDelta delta = calls.copy(self, node, hub.name(), hub.end()).get(hub.name());
            more = delta != null && hub.recovered(delta) && delta.more();
        }
    }
}
