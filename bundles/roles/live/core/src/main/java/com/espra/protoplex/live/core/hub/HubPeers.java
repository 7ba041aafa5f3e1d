package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The other Live nodes, as the hubs of this one need them. Threads: called from any; nothing may block. */
public interface HubPeers {

    /** Whether this node owns the hub right now. */
    boolean owns(String hub);

    /** Whether there is another Live node, so that an update is certain when that has it. */
    boolean areExpected();

    /** Publishes where the owner of the hub is, wherever that is. */
    CompletionStage<Position> publish(String hub, Update update, String key);

    /** Those who are listed on the other nodes. */
    CompletionStage<List<Member>> members(String hub);

    /** This node is to own the hub: what the others have of it is to be brought here, and then {@link LocalHub#own} to be called. */
    void recover(LocalHub hub);

    /** The hub is used on this node for the first time, and another one owns it. */
    void opened(LocalHub hub);

    /** There is something new in a hub that this node owns. */
    void appended(LocalHub hub);

    /** Does something that may take long, at once or on a thread that has time. */
    default void replay(Runnable work) {
        work.run();
    }
}
