package com.espra.protoplex.live.server;

import com.espra.protoplex.api.call.FleetHandler;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.server.peer.PeerService;
import com.espra.protoplex.live.server.select.SelectorText;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** What others of the fleet ask: Live nodes each other, and any node that something be published. */
@Component(property = "protoplex.offer:Boolean=true")
public final class LiveCalls implements FleetHandler {

    private static final String PUBLISH = "/publish";
    private static final String KEYS = "/keys";
    private static final String MESSAGE = "/message";
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OpenHubs hubs;
    private final LiveAdmission admission;
    private final HostHubs hosts;
    private final PeerService peers;
    private final Runnable wake;

    /** While the hubs are open. */
    @Activate
    public LiveCalls(@Reference OpenHubs hubs, @Reference LiveAdmission admission, @Reference HostHubs hosts) {
        this.hubs = hubs;
        this.admission = admission;
        this.hosts = hosts;
        peers = new PeerService(hubs.local(), hubs.peers().followers(), admission::isOpen);
        wake = peers::wake;
        hubs.peers().followers().waitsBrieflyWhile(admission::isHeld);
        admission.onClose(wake);
    }

    @Deactivate
    void close() {
        admission.forget(wake);
    }

    @Override
    public FleetResponse handle(FleetRequest request) throws Exception {
        if (request.path().startsWith(PeerService.PATHS)) {
            return peers.answer(request);
        }
        if (!Set.of(PUBLISH, KEYS, MESSAGE).contains(request.path())) {
            return answer(
                    404,
                    "error",
                    "Live answers " + PUBLISH + ", " + KEYS + " and " + MESSAGE + ", and not " + request.path()
                            + ": it may be of a version before");
        }
        try {
            Map<String, Object> asked = SelectorText.object(request.body());
            if (request.path().equals(KEYS)) {
                long nanos = Math.min(request.deadline().toNanos() - MARGIN_NANOS, LONGEST_NANOS);
                return answer(200, KeyChanges.answer(hubs, admission, asked, nanos));
            }
            AnswerMessage message = request.path().equals(MESSAGE)
                    ? AnswerMessage.read(
                            hosts,
                            SelectorText.string(asked, "host", ""),
                            SelectorText.string(asked, "message", ""),
                            SelectorText.string(asked, "once", ""))
                    : new AnswerMessage(
                            SelectorText.string(asked, "hub", LiveUpdate.MAIN),
                            SelectorText.update(asked),
                            SelectorText.string(asked, "once", ""));
            String at = hubs.hub(message.hub())
                    .publish(message.update(), message.once())
                    .toCompletableFuture()
                    .get(request.deadline().toMillis(), TimeUnit.MILLISECONDS)
                    .toString();
            return answer(200, "at", at);
        } catch (IllegalArgumentException e) {
            return answer(400, "error", String.valueOf(e.getMessage()));
        } catch (HubRefusedException e) {
            return answer(e.isNothingDone() ? 503 : 504, "error", String.valueOf(e.getMessage()));
        } catch (ExecutionException | TimeoutException e) {
            boolean nothingDone = e.getCause() instanceof HubRefusedException refused && refused.isNothingDone();
            return answer(
                    nothingDone ? 503 : 504,
                    "error",
                    e.getCause() == null
                            ? "it is not certain yet"
                            : String.valueOf(e.getCause().getMessage()));
        }
    }

    private static FleetResponse answer(int status, String name, String value) {
        return answer(status, Map.of(name, value));
    }

    private static FleetResponse answer(int status, Map<String, ?> object) {
        return FleetResponse.of(status, SelectorText.text(object).getBytes(StandardCharsets.UTF_8))
                .with("Content-Type", "application/json");
    }
}
