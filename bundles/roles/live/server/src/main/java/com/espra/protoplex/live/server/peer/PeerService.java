package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.HubRefusedException.Reason;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.hub.LocalHubs;
import com.espra.protoplex.live.core.log.DeltaForm;
import com.espra.protoplex.live.core.log.HubDelta;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Answers other Live nodes. */
public final class PeerService {

    /** All paths that are for Live nodes begin so. */
    public static final String PATHS = "/own/";

    private static final long COPY_BYTES = 2 << 20;
    private static final long MARGIN_MILLIS = 1_000;

    private final LocalHubs hubs;
    private final Followers followers;
    private final BooleanSupplier admitted;

    /** @param admitted whether requests may wait */
    public PeerService(LocalHubs hubs, Followers followers, BooleanSupplier admitted) {
        this.hubs = hubs;
        this.followers = followers;
        this.admitted = admitted;
    }

    /** Nobody waits any more. */
    public void wake() {
        followers.wake();
    }

    /** Answers a call. */
    public FleetResponse answer(FleetRequest request) throws InterruptedException {
        try {
            DataInputStream in = PeerForm.read(request.body());
            return FleetResponse.of(200, answer(request, in));
        } catch (IOException | IllegalArgumentException e) {
            return FleetResponse.of(400, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
        } catch (HubRefusedException e) {
            return FleetResponse.of(503, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private byte[] answer(FleetRequest request, DataInputStream in) throws IOException, InterruptedException {
        if (request.path().equals(PeerCalls.PUBLISH)) {
            return publish(in, request.deadline().toMillis() - MARGIN_MILLIS);
        }
        String node = DeltaForm.readText(in);
        List<HubPlace> places = PeerForm.places(in);
        return switch (request.path()) {
            case PeerCalls.FOLLOW -> follow(node, places);
            case PeerCalls.COPY -> PeerForm.deltas(copy(places));
            case PeerCalls.OPEN -> {
                places.forEach(place -> hubs.hub(place.hub()));
                yield PeerForm.bytes(out -> {});
            }
            case PeerCalls.MEMBERS -> PeerForm.members(members(places));
            default -> throw new IOException(request.path() + " is nothing that this version of Live knows");
        };
    }

    private byte[] follow(String node, List<HubPlace> places) throws InterruptedException {
        return PeerForm.deltas(followers.news(node, places, PeerCalls.FOLLOW_WAIT.toNanos(), admitted));
    }

    private Map<String, HubDelta> copy(List<HubPlace> places) {
        Map<String, HubDelta> copies = new LinkedHashMap<>();
        for (HubPlace place : places) {
            hubs.known(place.hub())
                    .filter(hub -> hub.end().compareTo(place.end()) > 0)
                    .ifPresent(hub -> copies.put(hub.name(), hub.delta(place.end(), COPY_BYTES)));
        }
        return copies;
    }

    private List<Member> members(List<HubPlace> places) {
        return places.stream()
                .flatMap(place -> hubs.known(place.hub()).stream())
                .flatMap(hub -> hub.listed().stream())
                .toList();
    }

    private byte[] publish(DataInputStream in, long millis) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int count = PeerForm.count(in);
        List<CompletableFuture<Position>> begun = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            begun.add(publish(DeltaForm.readText(in), DeltaForm.readText(in), DeltaForm.readUpdate(in)));
        }
        List<Object> answers = new ArrayList<>();
        for (CompletableFuture<Position> each : begun) {
            answers.add(answer(each, end - System.nanoTime()));
        }
        return PeerForm.bytes(out -> {
            for (Object answer : answers) {
                PeerForm.answer(out, answer);
            }
        });
    }

    private CompletableFuture<Position> publish(String name, String key, Update update) {
        try {
            LocalHub hub = hubs.hub(name);
            return hub.publishAsOwner(update, key)
                    .map(CompletionStage::toCompletableFuture)
                    .orElseGet(() -> CompletableFuture.failedFuture(new HubRefusedException(
                            Reason.UNAVAILABLE, "this node does not own the hub " + name + ", or not yet")));
        } catch (HubRefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Object answer(CompletableFuture<Position> begun, long nanos) throws InterruptedException {
        try {
            return begun.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new HubRefusedException(Reason.UNKNOWN, "no second node has it yet");
        } catch (ExecutionException e) {
            return e.getCause() instanceof HubRefusedException refused
                    ? refused
                    : new HubRefusedException(Reason.UNKNOWN, String.valueOf(e.getCause()));
        }
    }
}
