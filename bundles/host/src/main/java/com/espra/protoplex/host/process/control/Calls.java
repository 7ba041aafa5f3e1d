package com.espra.protoplex.host.process.control;

import com.espra.protoplex.host.process.control.ControlFrame.Call;
import com.espra.protoplex.host.process.control.ControlFrame.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Questions over a channel that wait for their answers. */
public final class Calls {

    private static final int MOST = 256;

    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<Map<String, Object>>> waiting = new ConcurrentHashMap<>();

    /**
     * Asks.
     *
     * @param within how long to wait for the answer
     * @return the answer; fails with an {@link IOException} if the other end refuses, is gone or is late
     */
    public CompletableFuture<Map<String, Object>> call(
            ControlChannel channel, String topic, Map<String, Object> body, Duration within) {
        if (waiting.size() >= MOST) {
            return CompletableFuture.failedFuture(
                    new IOException(channel + " has not answered " + MOST + " calls; no more are made"));
        }
        long id = ids.incrementAndGet();
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        if (!channel.send(new Call(id, topic, body))) {
            answer.completeExceptionally(new IOException(channel + " is gone"));
        }
        return answer.orTimeout(within.toMillis(), TimeUnit.MILLISECONDS).whenComplete((_, _) -> waiting.remove(id));
    }

    /** Takes an answer in; one that nobody waits for is nothing. */
    public void answered(Reply reply) {
        CompletableFuture<Map<String, Object>> answer = waiting.get(reply.id());
        if (answer == null) {
            return;
        }
        if (reply.done()) {
            answer.complete(reply.body());
        } else {
            answer.completeExceptionally(
                    new IOException(String.valueOf(reply.body().get("reason"))));
        }
    }

    /** The channel has ended: nothing will be answered. */
    public void ended(String reason) {
        waiting.values().forEach(answer -> answer.completeExceptionally(new IOException(reason)));
    }

    /** How many calls wait. */
    public int waiting() {
        return waiting.size();
    }
}
