package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.HubRefusedException.Reason;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.log.HubDelta;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one other Live node. */
final class PeerCalls {

    static final String PUBLISH = "/own/publish";
    static final String FOLLOW = "/own/follow";
    static final String COPY = "/own/copy";
    static final String OPEN = "/own/open";
    static final String MEMBERS = "/own/members";

    /** How long a node that follows is kept waiting for news. */
    static final Duration FOLLOW_WAIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(PeerCalls.class);

    private static final Duration QUICK = Duration.ofSeconds(3);

    private final FleetCalls calls;

    PeerCalls(FleetCalls calls) {
        this.calls = calls;
    }

    private byte[] ask(String node, String path, byte[] body, Duration within) throws IOException {
        try {
            FleetResponse answer = calls.call(
                    OtherLiveNodes.ROLE,
                    node,
                    FleetRequest.of("PUT", path, body).within(within));
            if (!answer.isSuccess()) {
                throw new IOException("the Live node " + node + " answered " + path + " with " + answer.status() + ": "
                        + answer.text());
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("this version of Live stops");
        }
    }

    /** Publishes at the owner; what did not reach it, or is not certain, is sent again. */
    void publish(String node, List<OutgoingUpdate> updates, Consumer<OutgoingUpdate> again) {
        int answered = 0;
        try {
            DataInputStream in =
                    PeerForm.read(ask(node, PUBLISH, PeerForm.updates(updates), FleetRequest.STANDARD_DEADLINE));
            for (OutgoingUpdate each : updates) {
                Object answer = PeerForm.answer(in);
                answered++;
                settle(each, answer, again);
            }
        } catch (IOException e) {
            LOG.debug("{} updates did not get to the node {}", updates.size() - answered, node, e);
            updates.subList(answered, updates.size()).forEach(again);
        } catch (RuntimeException e) {
            LOG.error("{} updates cannot be sent to the node {}", updates.size() - answered, node, e);
            HubRefusedException unknown = new HubRefusedException(
                    Reason.UNKNOWN, "the update could not be sent to the node " + node + ": " + e.getMessage());
            updates.subList(answered, updates.size()).forEach(each -> each.fail(unknown));
        }
    }

    private static void settle(OutgoingUpdate outgoing, Object answer, Consumer<OutgoingUpdate> again) {
        if (answer instanceof Position position) {
            outgoing.done(position);
        } else {
            HubRefusedException refused = (HubRefusedException) answer;
            if (refused.reason() == Reason.UNAVAILABLE || refused.reason() == Reason.UNKNOWN) {
                again.accept(outgoing);
            } else {
                outgoing.fail(refused);
            }
        }
    }

    /** What is new at a node in the hubs that it owns; waits for it. */
    Map<String, HubDelta> follow(String self, String node, List<HubPlace> places) throws IOException {
        return PeerForm.deltas(ask(node, FOLLOW, PeerForm.places(self, places), FOLLOW_WAIT.plus(QUICK)));
    }

    /** What another node has of a hub after a position; nothing if it does not have the hub. */
    Map<String, HubDelta> copy(String self, String node, String hub, Position from) throws IOException {
        return PeerForm.deltas(ask(node, COPY, PeerForm.places(self, List.of(new HubPlace(hub, from, false))), QUICK));
    }

    /** Has a node open a hub that it owns. */
    void open(String self, String node, String hub) throws IOException {
        ask(node, OPEN, PeerForm.places(self, List.of(new HubPlace(hub, Position.NONE, false))), QUICK);
    }

    /** Those who are listed at these nodes, as far as they answer. */
    List<Member> members(String self, List<String> nodes, String hub) {
        List<Member> all = new ArrayList<>();
        byte[] asked = PeerForm.places(self, List.of(new HubPlace(hub, Position.NONE, false)));
        for (String node : nodes) {
            try {
                all.addAll(PeerForm.members(ask(node, MEMBERS, asked, QUICK)));
            } catch (IOException e) {
                LOG.warn("who is in the hub {} on the node {} is not known: {}", hub, node, e.getMessage());
            }
        }
        return all;
    }
}
