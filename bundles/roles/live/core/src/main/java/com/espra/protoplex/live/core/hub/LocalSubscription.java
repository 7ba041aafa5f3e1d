package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Subscription;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.UpdateFilter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscription of a hub of this node. Its fields are guarded by the hub. */
final class LocalSubscription implements Subscription {

    private final LocalHub hub;
    private final Subscriber subscriber;
    private Member member;
    private UpdateFilter filter;

    /** Where it is to begin; null once it has begun. */
    private @Nullable Resume waiting;

    /** Where it is while the hub is elsewhere: in what it reads again, or where it was closed. */
    private @Nullable Position place;

    /** Whether it reads what it has missed: what is new is in its way. */
    private boolean replaying;

    private long seen;
    private boolean closed;

    LocalSubscription(LocalHub hub, Member member, UpdateFilter filter, Resume waiting, Subscriber subscriber) {
        this.hub = hub;
        this.member = member;
        this.filter = filter;
        this.waiting = waiting;
        this.subscriber = subscriber;
    }

    @Override
    public Position position() {
        synchronized (hub) {
            if (place != null) {
                return place;
            }
            return waiting == null
                    ? hub.delivered()
                    : waiting instanceof Resume.After after ? after.position() : Position.NONE;
        }
    }

    @Override
    public void withPosition(Consumer<Position> use) {
        synchronized (hub) {
            use.accept(position());
        }
    }

    @Override
    public Member member() {
        synchronized (hub) {
            return member;
        }
    }

    @Override
    public void change(UpdateFilter other, Member as) {
        synchronized (hub) {
            if (!closed) {
                hub.change(this, () -> {
                    filter = other;
                    member = as;
                });
            }
        }
    }

    @Override
    public void close() {
        synchronized (hub) {
            if (!closed) {
                Position last = position();
                closed = true;
                place = last;
                hub.remove(this);
            }
        }
    }

    UpdateFilter filter() {
        return filter;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isWaiting() {
        return waiting != null;
    }

    /** Where it is to begin, asked once. */
    Resume begin() {
        Resume from = waiting == null ? Resume.NOW : waiting;
        waiting = null;
        return from;
    }

    void started(Position from, boolean recovered) {
        place = from;
        replaying = true;
        subscriber.started(from, recovered);
    }

    boolean isReplaying() {
        return replaying && !closed;
    }

    /** It has read again what it had to, and goes with the hub. */
    void goesWithHub() {
        replaying = false;
        if (!closed) {
            place = null;
        }
    }

    /** An update of the past. */
    void replay(HubEntry entry, boolean hidden) {
        place = entry.position();
        seen = entry.position().offset();
        if (!hidden && matches(entry.update())) {
            subscriber.update(entry);
        }
    }

    /** An update, perhaps by several of its keys: it counts once. */
    void offer(HubEntry entry) {
        if (closed || waiting != null || replaying || seen == entry.position().offset()) {
            return;
        }
        seen = entry.position().offset();
        if (matches(entry.update())) {
            subscriber.update(entry);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever a filter throws is the affair of its subscription alone.
    private boolean matches(Update update) {
        try {
            return filter.matches(update);
        } catch (RuntimeException | StackOverflowError e) {
            end(Subscriber.End.FAILED);
            return false;
        }
    }

    void end(Subscriber.End reason) {
        if (!closed) {
            close();
            subscriber.ended(reason);
        }
    }

    /** The log went on without what was delivered; offsets may come again. */
    void lost(Position from) {
        seen = 0;
        goesWithHub();
        subscriber.started(from, false);
    }
}
