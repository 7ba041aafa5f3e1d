package com.espra.protoplex.live.core;

import java.util.List;

/**
 * Who subscribes, as others are shown it.
 *
 * @param id of the subscription: unique among those that are open in the fleet
 * @param user by whose right it is there, which is what is revoked; empty if anybody may
 * @param shown what it subscribes to, in the words of its protocol
 * @param info what its protocol says of it besides, such as a payload as JSON; may be empty
 * @param listed whether it is among those that {@link Hub#members} shows
 */
public record Member(String id, String user, List<String> shown, String info, boolean listed) {

    /** Keeps a copy. */
    public Member {
        shown = List.copyOf(shown);
    }

    /** One that is not shown. */
    public static Member hidden(String id, String user) {
        return new Member(id, user, List.of(), "", false);
    }
}
