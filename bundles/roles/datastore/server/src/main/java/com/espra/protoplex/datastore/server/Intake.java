package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.google.rpc.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads bodies whole, and bounds what all of them take together: who comes when it is full waits a moment, and is refused then. */
final class Intake {

    /** Google's limit of a request, and what its envelope may take. */
    static final int MOST_BODY_BYTES = (10 << 20) + (64 << 10);

    private static final int MOST_REQUESTS = 256;
    private static final int ALL_KIB = 128 << 10;
    private static final int KIB = 1 << 10;
    private static final int STEP_BYTES = 64 << 10;
    private static final long LONGEST_WAIT_SECONDS = 5;

    private final Semaphore requests = new Semaphore(MOST_REQUESTS, true);
    private final Semaphore kib = new Semaphore(ALL_KIB, true);

    /** What somebody does with a body; what grows out of it takes room, too. */
    interface Use {
        void body(byte[] body, Room room) throws Exception;
    }

    /** The memory that a request may take of all. */
    interface Room {
        void take(long bytes) throws InterruptedException;
    }

    /** Reads a body and lets it be used; its place is taken until then. */
    void read(Request request, DataCaller caller, Use use) throws Exception {
        long length = request.getLength();
        if (length > MOST_BODY_BYTES) {
            pass(request, length);
            throw tooBig();
        }
        acquire(requests, 1);
        try (Share share = new Share(caller)) {
            use.body(length < 0 ? unmeasured(request, share) : measured(request, share, length), share);
        } finally {
            requests.release();
        }
    }

    /** What one request has of the memory for all. */
    private final class Share implements Room, AutoCloseable {
        private final DataCaller caller;
        private int taken;
        private int takenOfCaller;

        Share(DataCaller caller) {
            this.caller = caller;
        }

        @Override
        public void take(long bytes) throws InterruptedException {
            int more = (int) (bytes / KIB) + 1;
            caller.take(more);
            takenOfCaller += more;
            acquire(kib, more);
            taken += more;
        }

        @Override
        public void close() {
            kib.release(taken);
            caller.give(takenOfCaller);
        }
    }

    /** What is not very much too big is read and forgotten: many clients read no answer before they have sent all. */
    private static void pass(Request request, long length) throws IOException {
        if (length <= 4L * MOST_BODY_BYTES) {
            try (InputStream in = Content.Source.asInputStream(request)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private static byte[] measured(Request request, Share share, long length) throws IOException, InterruptedException {
        share.take(length);
        try (InputStream in = Content.Source.asInputStream(request)) {
            // One more, so that its end is read, too.
            return in.readNBytes((int) length + 1);
        }
    }

    /** Clients of gRPC do not say how long it will be: it takes the memory that it needs, as it comes. */
    private static byte[] unmeasured(Request request, Share share) throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] step = new byte[STEP_BYTES];
        try (InputStream in = Content.Source.asInputStream(request)) {
            int read;
            do {
                share.take(STEP_BYTES);
                read = in.readNBytes(step, 0, STEP_BYTES);
                body.write(step, 0, read);
                if (body.size() > MOST_BODY_BYTES) {
                    throw tooBig();
                }
            } while (read == STEP_BYTES);
        }
        return body.toByteArray();
    }

    private static RefusedException tooBig() {
        return new RefusedException(
                Code.INVALID_ARGUMENT, "Request payload size exceeds the limit: " + (10 << 20) + " bytes.");
    }

    private static void acquire(Semaphore places, int count) throws InterruptedException {
        if (!places.tryAcquire(count, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new RefusedException(Code.UNAVAILABLE, "too much is asked at once: try again later");
        }
    }
}
