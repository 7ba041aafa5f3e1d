package com.espra.protoplex.agent.standing;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Duration;
import java.util.List;

/**
 * How a node drains, step by step: it says that it is not ready, for as long as a balancer needs to see it; then it takes leave of its clients;
 * and when nothing is in flight, or at the deadline, it is drained. It goes back only when it is told to serve.
 *
 * <p>Threads: one at a time. Times are of {@link System#nanoTime}.
 */
final class DrainSteps {

    /** Balancers look every few seconds. Of a short deadline it is a third. */
    static final Duration LEAD = Duration.ofSeconds(5);

    private static final int THIRD = 3;

    private final LinkFrame.Order order;
    private final long closes;
    private final long deadline;
    private Entrance entrance;
    private List<String> left = List.of();

    private DrainSteps(LinkFrame.Order order, Entrance first, long closes, long deadline) {
        this.order = order;
        this.entrance = first;
        this.closes = closes;
        this.deadline = deadline;
    }

    /** A node that has not drained begins. */
    static DrainSteps begin(LinkFrame.Order order, long now) {
        long millis = Math.max(1, order.drainMillis());
        long lead = Math.min(LEAD.toMillis(), millis / THIRD);
        return new DrainSteps(
                order,
                Entrance.LEAVING,
                now + Duration.ofMillis(lead).toNanos(),
                now + Duration.ofMillis(millis).toNanos());
    }

    /** A node that starts has no clients to take leave of. */
    static DrainSteps atStart(LinkFrame.Order order, long now) {
        return new DrainSteps(order, Entrance.CLOSED, now, now);
    }

    /** Somebody asks once more: what is reached stays, and the deadline is another. */
    DrainSteps again(LinkFrame.Order newer, long now) {
        DrainSteps fresh = begin(newer, now);
        DrainSteps next =
                new DrainSteps(newer, entrance, entrance == Entrance.LEAVING ? fresh.closes : now, fresh.deadline);
        next.left = left;
        return next;
    }

    LinkFrame.Order order() {
        return order;
    }

    Entrance entrance() {
        return entrance;
    }

    /** Whether it matters what is in flight. */
    boolean asks() {
        return entrance == Entrance.CLOSING || (entrance == Entrance.CLOSED && !left.isEmpty());
    }

    /** Whether time changes anything. */
    boolean goesOn() {
        return entrance != Entrance.CLOSED || !left.isEmpty();
    }

    /**
     * Time has passed.
     *
     * @param inFlight what is in flight now, if it {@link #asks}
     */
    void step(long now, List<String> inFlight) {
        if (entrance == Entrance.LEAVING && now - closes >= 0) {
            // What is in flight is looked at in the next step, when all have been asked to go.
            entrance = Entrance.CLOSING;
        } else if (entrance == Entrance.CLOSING && (inFlight.isEmpty() || now - deadline >= 0)) {
            entrance = Entrance.CLOSED;
            left = List.copyOf(inFlight);
        } else if (entrance == Entrance.CLOSED && !left.isEmpty()) {
            left = List.copyOf(inFlight);
        }
    }

    /** As it is told to the Seed. */
    LinkFrame.Drain told() {
        boolean drained = entrance == Entrance.CLOSED;
        return new LinkFrame.Drain(
                order.changed(),
                drained ? LinkFrame.Drain.DRAINED : LinkFrame.Drain.DRAINING,
                drained ? left : List.of());
    }
}
