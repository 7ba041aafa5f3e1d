package com.espra.protoplex.agent.reconcile;

import com.espra.protoplex.fleet.link.Frame;

/** Tells the Seed, when it is there. No call blocks. */
public interface Uplink {

    /** A move has ended. After every new connection {@link Reconciler#results} are told again. */
    void result(Frame.Result result);

    /** What this node runs, or works on, has changed. */
    void changed();
}
