package com.espra.protoplex.live.server.select;

import com.espra.protoplex.live.core.ClientToken;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a client may, for as long as its channel is open.
 *
 * @param seesPrivate whether it came with the token of publishers
 * @param token what its own token says; nobody, if it has none
 */
record ClientRights(boolean seesPrivate, ClientToken token) {

    private static final String PRIVATE = "private";
    private static final String USER = "user";
    private static final String UNTIL = "until";

    String user() {
        return token.user();
    }

    boolean hasEnded(Instant now) {
        return token.expires().filter(end -> !end.isAfter(now)).isPresent();
    }

    /** For the next version. */
    void write(Map<String, Object> state) {
        state.put(PRIVATE, seesPrivate);
        if (!token.user().isEmpty()) {
            state.put(USER, token.user());
        }
        token.expires().ifPresent(end -> state.put(UNTIL, end.toString()));
    }

    /** As the version before has left it; one that knew of no users has left none. */
    static ClientRights read(Map<String, Object> state) {
        String until = SelectorText.string(state, UNTIL, "");
        return new ClientRights(
                Boolean.TRUE.equals(state.get(PRIVATE)),
                new ClientToken(
                        SelectorText.string(state, USER, ""),
                        until.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(until))));
    }
}
