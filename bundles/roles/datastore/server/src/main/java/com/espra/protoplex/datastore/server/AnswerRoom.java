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
    /** Requests are bounded, and so are answers of this size. */
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
        acquire(caller, taken);
        return giving(caller, taken, callback);
    }

    private void acquire(DataCaller caller, int wanted) throws InterruptedException {
        caller.takeAnswer(wanted);
        boolean acquired = false;
        try {
            acquired = kib.tryAcquire(wanted, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } finally {
            if (!acquired) {
                caller.giveAnswer(wanted);
            }
        }
        if (!acquired) {
            throw new RefusedException(Code.UNAVAILABLE, "too many answers wait to be read: try again later");
        }
    }

    private void release(DataCaller caller, int taken) {
        kib.release(taken);
        caller.giveAnswer(taken);
    }

    private Callback giving(DataCaller caller, int taken, Callback callback) {
        return new Callback.Nested(callback) {
            @Override
            public void completed() {
                release(caller, taken);
            }
        };
    }

    /** The room of one answer. Closed, it gives back what no answer has taken. */
    Room room(DataCaller caller) {
        return new Room(caller);
    }

    /** What one answer takes: what has reserved it is not refused afterwards. */
    final class Room implements CommitBound, AutoCloseable {
        private final DataCaller caller;
        private int reserved;

        private Room(DataCaller caller) {
            this.caller = caller;
        }

        @Override
        public void beforeCommit(long mostBytes) throws InterruptedException {
            if (mostBytes > (long) DataCaller.MOST_KIB * KIB) {
                throw new RefusedException(
                        Code.INVALID_ARGUMENT,
                        "the answer of this commit may have " + mostBytes + " bytes, and "
                                + (long) DataCaller.MOST_KIB * KIB + " are allowed: use several commits");
            }
            if (mostBytes > SMALL_BYTES) {
                int wanted = (int) (mostBytes / KIB) + 1;
                acquire(caller, wanted);
                reserved = wanted;
            }
        }

        /**
         * There is an answer.
         *
         * @return what is to be called when it is written
         * @throws RefusedException if there is no room for it, and none was reserved
         */
        Callback taking(int bytes, Callback callback) throws InterruptedException {
            if (reserved == 0) {
                return AnswerRoom.this.taking(caller, bytes, callback);
            }
            int taken = Math.min(reserved, bytes / KIB + 1);
            release(caller, reserved - taken);
            reserved = 0;
            return giving(caller, taken, callback);
        }

        @Override
        public void close() {
            if (reserved > 0) {
                release(caller, reserved);
                reserved = 0;
            }
        }
    }
}
