package com.espra.protoplex.agent.reconcile;

import java.io.IOException;

/** Keeps the state of this node through a loss of power. */
public interface StateJournal {

    /** What was saved last; {@link State#NONE} at a node's first start. */
    State load();

    /**
     * Returns when the state is on the disk.
     *
     * @throws IOException if it is not: then what was saved before still is
     */
    void save(State state) throws IOException;
}
