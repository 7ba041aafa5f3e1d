package com.espra.protoplex.live.server;

import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.live.LiveRefusedException;
import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What handlers and roles of this node publish by, rather than by the link, which goes through a call. */
@Component(property = {"protoplex.offer:Boolean=true", "service.ranking:Integer=100"})
public final class LiveOffer implements Live {

    private final OpenHubs hubs;
    private final HostHubs hosts;

    /** While the hubs are open. */
    @Activate
    public LiveOffer(@Reference OpenHubs hubs, @Reference HostHubs hosts) {
        this.hubs = hubs;
        this.hosts = hosts;
    }

    @Override
    public CompletionStage<String> publish(LiveUpdate update) {
        return publish(() -> {
            Update published = new Update("", update.keys(), update.type(), update.data(), update.isPrivate(), 0);
            return hubs.hub(update.hub()).publish(published, update.once());
        });
    }

    @Override
    public CompletionStage<String> message(String host, String json) {
        return publish(() -> {
            AnswerMessage message = AnswerMessage.read(hosts, host, json, "");
            return hubs.hub(message.hub()).publish(message.update(), message.once());
        });
    }

    private static CompletionStage<String> publish(Supplier<CompletionStage<Position>> publishing) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try {
            publishing.get().whenComplete((position, failure) -> {
                if (failure == null) {
                    answer.complete(position.toString());
                } else {
                    answer.completeExceptionally(refused(failure));
                }
            });
        } catch (IllegalArgumentException | HubRefusedException e) {
            answer.completeExceptionally(refused(e));
        }
        return answer;
    }

    /** As those know it who have not the classes of this role. */
    private static LiveRefusedException refused(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean nothingDone = cause instanceof IllegalArgumentException
                || (cause instanceof HubRefusedException known && known.isNothingDone());
        return new LiveRefusedException(String.valueOf(cause.getMessage()), nothingDone);
    }
}
