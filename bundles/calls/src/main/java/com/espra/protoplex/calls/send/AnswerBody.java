package com.espra.protoplex.calls.send;

import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.calls.wire.CallRoom;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;

/** The body of an answer while it comes: at most so much as a call may have, and no more than there is memory for, of all answers together. */
public final class AnswerBody implements BodyHandler<byte[]>, AutoCloseable {

    private static final byte[] NOTHING = {};
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final CallRoom memory;
    private long reserved;
    private boolean refused;
    private boolean over;

    public AnswerBody(CallRoom memory) {
        this.memory = memory;
    }

    @Override
    public synchronized BodySubscriber<byte[]> apply(ResponseInfo head) {
        boolean bodiless = head.statusCode() == NO_CONTENT || head.statusCode() == NOT_MODIFIED;
        long length = head.headers().firstValueAsLong("content-length").orElse(bodiless ? 0 : FleetRequest.MOST_BODY);
        if (over || length < 0 || !memory.enter(length)) {
            refused = true;
            return BodySubscribers.replacing(NOTHING);
        }
        reserved += length;
        return BodySubscribers.limiting(BodySubscribers.ofByteArray(), FleetRequest.MOST_BODY);
    }

    /** Whether there was no memory for it. */
    public synchronized boolean isRefused() {
        return refused;
    }

    @Override
    public synchronized void close() {
        over = true;
        memory.leave(reserved);
        reserved = 0;
    }
}
