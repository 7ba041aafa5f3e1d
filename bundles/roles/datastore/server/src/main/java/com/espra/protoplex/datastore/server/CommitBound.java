package com.espra.protoplex.datastore.server;

/** Is asked before a commit is carried out, for what is done cannot be refused any more. */
@FunctionalInterface
interface CommitBound {

    /**
     * A commit is about to be carried out.
     *
     * @param mostBytes what its answer can have
     * @throws com.espra.protoplex.datastore.model.RefusedException if there is no room for it
     */
    void beforeCommit(long mostBytes) throws InterruptedException;
}
