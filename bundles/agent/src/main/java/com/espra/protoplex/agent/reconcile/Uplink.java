package com.espra.protoplex.agent.reconcile;

import com.espra.protoplex.fleet.link.LinkFrame;

/** Tells the Seed, when it is there. No call blocks. */
public interface Uplink {

    /** A move has ended. After every new connection {@link Reconciler#results} are told again. */
    void result(LinkFrame.Result result);

    /** What this node runs, or works on, has changed. */
    void changed();
}
