package com.espra.protoplex.live.link;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.live.LiveRefusedException;
import com.espra.protoplex.api.live.LiveUpdate;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Publishes at a Live node, from a node that is none. */
@Component(property = "protoplex.offer:Boolean=true")
public final class LinkedLive implements Live {

    private static final int WORKERS = 4;
    private static final int MOST_WAITING = 1_000;

    private final LiveNode node;
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("live-link-", 0).factory());

    /** @param calls by which Live nodes are asked */
    @Activate
    public LinkedLive(@Reference FleetCalls calls) {
        node = new LiveNode(calls);
        workers.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<String> publish(LiveUpdate update) {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("hub", update.hub());
        asked.put("keys", update.keys());
        asked.put("type", update.type());
        asked.put("data", update.data());
        asked.put("private", update.isPrivate());
        asked.put("once", update.once().isEmpty() ? UUID.randomUUID().toString() : update.once());
        return ask("/publish", asked);
    }

    @Override
    public CompletionStage<String> message(String host, String json) {
        return ask(
                "/message",
                Map.of("host", host, "message", json, "once", UUID.randomUUID().toString()));
    }

    /** With a key it may be asked again, and is published once. */
    private CompletionStage<String> ask(String path, Map<String, Object> asked) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try {
            workers.execute(() -> ask(path, asked, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new LiveRefusedException(
                    "too much waits for Live nodes, or this version stops: publish it later", true));
        }
        return answer;
    }

    private void ask(String path, Map<String, Object> asked, CompletableFuture<String> answer) {
        try {
            LiveNode.Answer told = node.ask(path, asked, FleetRequest.STANDARD_DEADLINE);
            if (told.status() == 200) {
                answer.complete(told.text("at"));
            } else {
                answer.completeExceptionally(new LiveRefusedException(told.text("error"), told.status() != 504));
            }
        } catch (CallFailedException e) {
            answer.completeExceptionally(new LiveRefusedException(String.valueOf(e.getMessage()), e.isNothingDone()));
        } catch (IOException e) {
            answer.completeExceptionally(new LiveRefusedException(String.valueOf(e.getMessage()), false));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(new LiveRefusedException("this version stops: publish it again", false));
        }
    }

    @Deactivate
    void close() {
        workers.shutdownNow();
    }
}
