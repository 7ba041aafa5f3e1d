package com.espra.protoplex.live.server.select;

import com.espra.protoplex.live.core.HubEntry;
import org.jspecify.annotations.Nullable;

/** The JSON of the update that was told last: thousands of clients are told the same one after the other. */
final class EntryCache {

    private record Known(HubEntry entry, String text) {}

    private volatile @Nullable Known last;

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
}
