package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.google.rpc.Code;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;

/**
 * Bounds what answers take together that are not read yet. Who does not read is cut by the listener, and what he had comes back then; until
 * then others wait a moment, and are refused.
 */
final class AnswerRoom {

    private static final int ALL_KIB = 128 << 10;
    private static final int KIB = 1 << 10;
    /** What a commit answers, which cannot be refused any more, is smaller. */
    private static final int SMALL_BYTES = 64 << 10;

    private static final long LONGEST_WAIT_SECONDS = 5;

    private final Semaphore kib = new Semaphore(ALL_KIB, true);

    /**
     * Takes the room of an answer.
     *
     * @return what is to be called when it is written: it gives the room back
     * @throws RefusedException if there is none
     */
    Callback taking(DataCaller caller, int bytes, Callback callback) throws InterruptedException {
        if (bytes <= SMALL_BYTES) {
            return callback;
        }
        int taken = bytes / KIB + 1;
        caller.takeAnswer(taken);
        if (!kib.tryAcquire(taken, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
            caller.giveAnswer(taken);
            throw new RefusedException(Code.UNAVAILABLE, "too many answers wait to be read: try again later");
        }
        return new Callback.Nested(callback) {
            @Override
            public void completed() {
                kib.release(taken);
                caller.giveAnswer(taken);
            }
        };
    }
}
