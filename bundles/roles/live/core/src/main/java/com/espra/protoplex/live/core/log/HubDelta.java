package com.espra.protoplex.live.core.log;

import com.espra.protoplex.live.core.HubEntry;
import java.util.List;

/**
 * What somebody who has a part of a log needs to have more of it.
 *
 * @param isReset whether it is all that is kept, because what is there already does not lead to it
 * @param terms all terms of the log, in order: also those that a part of it does not reach, for they say how new the log is
 * @param from after which offset the entries are
 * @param entries without a gap
 * @param more whether there are more, to be asked for
 */
public record HubDelta(boolean isReset, List<Term> terms, long from, List<HubEntry> entries, boolean more) {

    /** Keeps copies. */
    public HubDelta {
        terms = List.copyOf(terms);
        entries = List.copyOf(entries);
    }

    /** The newest owner that it knows of; 0 if none. */
    public long epoch() {
        return terms.isEmpty() ? 0 : terms.getLast().epoch();
    }
}
