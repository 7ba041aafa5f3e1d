package com.espra.protoplex.api.live;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Publishes: what the role {@code live} offers on its nodes, and the role {@code live-link} on any other.
 *
 * <p>Threads: safe from any; no call blocks.
 */
@ProviderType
public interface Live {

    /**
     * Tells everybody.
     *
     * @return where it is in its hub, as {@code epoch:offset}, once the hub's owner and a second Live node have it, if there is one; fails with a
     *     {@link LiveRefusedException}
     */
    CompletionStage<String> publish(LiveUpdate update);

    /**
     * Does what a message says that a server of the fleet has put before an answer: it publishes.
     *
     * @param host what the client had asked for: without {@code hub} in the message, its hub is meant
     * @param json an object as {@code docs/live.md} has it for publishing over HTTP
     * @return as {@link #publish}
     */
    CompletionStage<String> message(String host, String json);
}
