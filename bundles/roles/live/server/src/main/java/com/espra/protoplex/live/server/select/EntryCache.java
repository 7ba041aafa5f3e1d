package com.espra.protoplex.live.server.select;

import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.live.core.HubEntry;
import org.jspecify.annotations.Nullable;

/** The update that was told last, as clients are told it: thousands are told the same one after the other. */
final class EntryCache {

    private record Known(HubEntry entry, String text) {}

    private record Event(HubEntry entry, ChannelEvent event) {}

    private volatile @Nullable Known last;
    private volatile @Nullable Event lastEvent;

    /** Without the brace that it begins with. */
    @SuppressWarnings("ReferenceEquality") // An equal one would have to be compared to its end.
    String text(HubEntry entry) {
        Known known = last;
        if (known == null || known.entry != entry) {
            known = new Known(
                    entry, SelectorText.text(SelectorText.entry(entry)).substring(1));
            last = known;
        }
        return known.text;
    }

    /** As an event: the same object for all, so that it is encoded once. */
    @SuppressWarnings("ReferenceEquality") // An equal one would have to be compared to its end.
    ChannelEvent event(HubEntry entry) {
        Event known = lastEvent;
        if (known == null || known.entry != entry) {
            known = new Event(
                    entry,
                    new ChannelEvent(
                            entry.position().toString(),
                            entry.update().type(),
                            entry.update().data()));
            lastEvent = known;
        }
        return known.event;
    }
}
