package com.espra.protoplex.live.server;

import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.server.select.SelectorText;
import java.util.Map;

/**
 * What a server of the fleet has put before an answer. What is wrong is an {@link IllegalArgumentException}.
 *
 * @param hub where it is published
 * @param once by what it is published once; empty: each is another one
 */
record AnswerMessage(String hub, Update update, String once) {

    /**
     * Reads one.
     *
     * @param otherwise the key by which it is published once, if it has none
     */
    static AnswerMessage read(HostHubs hubs, String host, String json, String otherwise) {
        Map<String, Object> object = SelectorText.object(json);
        String hub = SelectorText.string(object, "hub", hubs.hub(host));
        if (hub.equals(LiveUpdate.FLEET)) {
            throw new IllegalArgumentException("an answer says nothing in the hub 'fleet': use the service Live");
        }
        String once = SelectorText.string(object, "once", "");
        return new AnswerMessage(hub, SelectorText.update(object), once.isEmpty() ? otherwise : once);
    }
}
