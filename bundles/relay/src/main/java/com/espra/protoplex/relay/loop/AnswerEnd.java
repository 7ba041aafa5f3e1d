package com.espra.protoplex.relay.loop;

import java.nio.ByteBuffer;

/** The body of an answer on its way: where it ends. Used again and again; of one thread at a time. */
final class AnswerEnd {

    private final Chunks chunks = new Chunks();
    private WireResponse.Body mode = WireResponse.Body.NONE;
    private long left;
    private boolean done;

    /** It begins after that head. */
    void begin(WireResponse head) {
        mode = head.body();
        left = head.length();
        done = false;
        chunks.begin();
    }

    /** There is none, or none yet. */
    void none() {
        mode = WireResponse.Body.NONE;
        done = false;
    }

    /** Moves the position of what has come to its end, or to the end of the body if that is sooner. */
    void read(ByteBuffer in) {
        switch (mode) {
            case NONE -> done = true;
            case LENGTH -> {
                int part = (int) Math.min(left, in.remaining());
                left -= part;
                done = left == 0;
                in.position(in.position() + part);
            }
            case CHUNKED -> {
                chunks.read(in);
                done = chunks.isDone();
            }
            case UNTIL_CLOSE -> in.position(in.limit());
        }
    }

    /** The target has closed: whether that is its end. */
    boolean endsWithConnection() {
        done |= mode == WireResponse.Body.UNTIL_CLOSE;
        return mode == WireResponse.Body.UNTIL_CLOSE;
    }

    /** Whether only the end of the connection ends it. */
    boolean isUntilClose() {
        return mode == WireResponse.Body.UNTIL_CLOSE;
    }

    /** Whether all of it has come. */
    boolean isDone() {
        return done;
    }

    /** Whether its framing is none. */
    boolean isBad() {
        return mode == WireResponse.Body.CHUNKED && chunks.isBad();
    }
}
