package com.espra.protoplex.relay.loop;

import com.espra.protoplex.http.front.FrontRequest;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the access log is to say of a request, from its head on. */
record FrontEntry(
        String method,
        String path,
        boolean hasQuery,
        @Nullable String agent,
        String id,
        long began) {

    FrontRequest line(@Nullable SocketAddress client, int status, long bytes, @Nullable String note) {
        return new FrontRequest(
                client,
                method,
                path,
                hasQuery,
                status,
                bytes,
                TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began),
                id,
                note == null ? "-" : "relay@relay",
                agent,
                note);
    }
}
