package com.espra.protoplex.api.datastore;

import java.io.IOException;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Carries calls to the Main Datastore: a role offers it to the other units of its process. A call is one of Google Cloud Datastore's, version 1,
 * in its HTTP form with protobuf; what crosses from unit to unit is bytes, so that each has its own classes for them.
 *
 * <p>Whoever uses the bundle {@code com.espra.protoplex.datastore.client} does not need this: it finds a {@code Datastore} of Google's client.
 *
 * <p>Threads: safe from any. A call blocks until it is answered, and may be interrupted.
 */
@ProviderType
public interface DatastoreCalls {

    /**
     * Makes a call.
     *
     * @param project the id of the project
     * @param method as in the URL: {@code lookup}, {@code runQuery}, {@code commit} ...
     * @param request the message, at most 10 MiB; not copied: change it no more
     * @param deadline how long the caller waits, more than 0
     * @return what was answered, also if that is an error
     * @throws IOException if there is no answer: whether a commit was carried out is not known then
     * @throws InterruptedException if the thread was interrupted
     */
    DatastoreAnswer call(String project, String method, byte[] request, Duration deadline)
            throws IOException, InterruptedException;
}
