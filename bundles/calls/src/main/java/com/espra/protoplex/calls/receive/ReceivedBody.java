package com.espra.protoplex.calls.receive;

import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.calls.wire.CallRoom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The memory of a body while its call is answered. What says its length is let in or not before any of it is read; what does not takes as much
 * as comes, for most such calls have no body at all.
 */
public final class ReceivedBody implements AutoCloseable {

    public static final String NO_MEMORY = "there is no memory for the bodies of so many calls at once";

    private static final int STEP = 8192;

    private final CallRoom memory;
    private long reserved;

    public ReceivedBody(CallRoom memory) {
        this.memory = memory;
    }

    /** Returns false if there is no memory for a body of this length; one that is unknown (negative) takes none yet. */
    public boolean reserve(long length) {
        return length <= reserved || grow(length - reserved);
    }

    private boolean grow(long bytes) {
        boolean room = memory.enter(bytes);
        reserved += room ? bytes : 0;
        return room;
    }

    /** Why the body is not taken. */
    public enum Refusal {
        TOO_LARGE,
        NO_MEMORY
    }

    /** The body is not taken. */
    public static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        private final Refusal why;

        RefusedException(Refusal why) {
            super(why.name());
            this.why = why;
        }

        Refusal why() {
            return why;
        }
    }

    /**
     * All of it.
     *
     * @throws RefusedException if it is larger than a body may be, or than there is memory for
     */
    public byte[] read(InputStream content) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[STEP];
        for (int read = content.read(some); read >= 0; read = content.read(some)) {
            if (all.size() + read > FleetRequest.MOST_BODY) {
                throw new RefusedException(Refusal.TOO_LARGE);
            }
            if (!reserve(all.size() + (long) read)) {
                throw new RefusedException(Refusal.NO_MEMORY);
            }
            all.write(some, 0, read);
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        memory.leave(reserved);
        reserved = 0;
    }
}
