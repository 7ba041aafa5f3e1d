package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Tells nodes which keys are no node's any more, for they meet each other without the Seed. One thread uses it. */
public final class Revocations {

    private final Set<NodeLink> hearing = Collections.newSetFromMap(new IdentityHashMap<>());
    private Supplier<List<LinkFrame.RevokedKey>> known = List::of;

    /** Where those that are known are to be found, in any order. Before the first node comes. */
    public void of(Supplier<List<LinkFrame.RevokedKey>> keys) {
        known = keys;
    }

    /** A node is there: it hears what it has missed, and from now on what comes. */
    public void joined(NodeLink link, LinkFrame.Hello hello) {
        if (hello.revoked() == LinkFrame.Revoked.UNHEARD) {
            return;
        }
        hearing.add(link);
        List<LinkFrame.RevokedKey> missed = known.get().stream()
                .filter(key -> key.at() > hello.revoked())
                .sorted(Comparator.comparingLong(LinkFrame.RevokedKey::at))
                .toList();
        for (int from = 0; from < missed.size(); from += LinkFrame.Revoked.MOST) {
            int end = Math.min(missed.size(), from + LinkFrame.Revoked.MOST);
            link.send(new LinkFrame.Revoked(missed.subList(from, end)));
        }
    }

    /** A key was revoked. A node that is not told now says in its next hello that it has not heard. */
    public void tell(LinkFrame.RevokedKey key) {
        LinkFrame.Revoked frame = new LinkFrame.Revoked(List.of(key));
        hearing.forEach(link -> link.send(frame));
    }

    /** A link was lost. */
    public void left(NodeLink link) {
        hearing.remove(link);
    }
}
