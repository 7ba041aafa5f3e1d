package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.ChannelEvent;
import org.jspecify.annotations.Nullable;

/** The event that was sent last, as bytes: who tells thousands the same has it encoded once, and all their queues hold one copy. */
final class LastEvent {

    private record Known(ChannelEvent event, Outgoing bytes) {}

    private volatile @Nullable Known last;

    @SuppressWarnings("ReferenceEquality") // An equal one would have to be compared to its end.
    Outgoing of(ChannelEvent event) {
        Known known = last;
        if (known != null && known.event == event) {
            return known.bytes;
        }
        Outgoing bytes = Outgoing.event(event);
        last = new Known(event, bytes);
        return bytes;
    }
}
