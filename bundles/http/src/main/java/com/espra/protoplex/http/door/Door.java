package com.espra.protoplex.http.door;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import org.jspecify.annotations.Nullable;

/** Where the requests of a group come in: one volatile read while nobody has ordered anything. */
public final class Door {

    private volatile @Nullable Doorkeeper keeper;
    private long closingSince;

    /** Who looks at requests; null: nobody has to. */
    public @Nullable Doorkeeper keeper() {
        return keeper;
    }

    /** The node is to serve so from now on. */
    public synchronized void standing(NodeStanding now) {
        boolean closes = now.entrance().compareTo(Entrance.CLOSING) >= 0;
        if (!closes) {
            closingSince = 0;
        } else if (closingSince == 0) {
            closingSince = System.currentTimeMillis();
        }
        keeper = closes || !now.outages().isEmpty() ? new Doorkeeper(now, closingSince) : null;
    }
}
