package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.google.rpc.Code;
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
    private static final long LONGEST_WAIT_SECONDS = 5;

    private final Semaphore requests = new Semaphore(MOST_REQUESTS, true);
    private final Semaphore kib = new Semaphore(ALL_KIB, true);

    /** What somebody does with a body. */
    interface Use {
        void body(byte[] body) throws Exception;
    }

    /** Reads a body and lets it be used; its place is taken until then. */
    void read(Request request, Use use) throws Exception {
        long length = request.getLength();
        if (length > MOST_BODY_BYTES) {
            pass(request, length);
            throw tooBig();
        }
        int size = (int) ((length < 0 ? MOST_BODY_BYTES : length) / KIB) + 1;
        acquire(requests, 1);
        try {
            acquire(kib, size);
            try {
                use.body(body(request));
            } finally {
                kib.release(size);
            }
        } finally {
            requests.release();
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

    private static byte[] body(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(MOST_BODY_BYTES + 1);
            if (body.length > MOST_BODY_BYTES) {
                throw tooBig();
            }
            return body;
        }
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
