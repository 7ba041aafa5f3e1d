package com.espra.protoplex.swap.offer;

import com.espra.protoplex.api.offer.UnitUnavailableException;
import com.espra.protoplex.swap.offer.GenerationOffers.Offer;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a unit offers to the others of its process: which generation answers the calls, and which calls wait for one.
 *
 * <p>A call goes to the live generation, and ends there. While the unit {@linkplain #hold is held}, or moves and the next generation does not
 * offer it yet, calls wait; when nobody is live they fail at once.
 *
 * <p>Threads: {@link #hold}, {@link #flip}, {@link #release} and {@link #withdraw} are called by one at a time, and do not block; all else is
 * safe from any.
 */
@SuppressWarnings("ReferenceEquality") // Two states that say the same are two: something has happened between them.
public final class UnitOffers {

    /** Calls that may wait at once: each has a thread of its caller. */
    static final int MOST_WAITING = 1024;

    private static final State NOBODY = new State(null, false, false, 0);

    private final String name;
    private final Publications publications;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int waiting;
    private volatile State state = NOBODY;

    /**
     * One that offers nothing yet.
     *
     * @param name the unit
     * @param publisher where others find what it offers
     */
    public UnitOffers(String name, Publisher publisher) {
        this.name = name;
        this.publications = new Publications(this, publisher);
    }

    /**
     * Who answers.
     *
     * @param live the generation; {@code null}: none
     * @param held whether all calls wait
     * @param moves whether calls wait for what is not offered
     * @param until how long they may, by {@link System#nanoTime}
     */
    private record State(@Nullable GenerationOffers live, boolean held, boolean moves, long until) {

        @Nullable
        Offer offer(Class<?> type) {
            return held || live == null ? null : live.offer(type);
        }
    }

    String name() {
        return name;
    }

    /** New calls wait from now on, at most this long. */
    public void hold(Duration limit) {
        enter(new State(state.live(), true, true, System.nanoTime() + limit.toNanos()));
    }

    /**
     * New calls go to this generation from now on: one volatile write. Until {@link #release}, those wait for what it does not offer yet, at most
     * this long.
     */
    public void flip(GenerationOffers next, Duration limit) {
        State before = state;
        if (before.live() != null && before.live() != next) {
            before.live().onChange(() -> {});
        }
        next.onChange(this::changed);
        enter(new State(next, before.held(), true, System.nanoTime() + limit.toNanos()));
    }

    /** The unit has moved, or stays where it was: no call waits any more. {@link #publish} it next. */
    public void release() {
        enter(new State(state.live(), false, false, 0));
    }

    /** Nobody answers any more: calls fail. {@link #publish} it next. */
    public void withdraw() {
        GenerationOffers last = state.live();
        if (last != null) {
            last.onChange(() -> {});
        }
        enter(NOBODY);
    }

    private void enter(State next) {
        state = next;
        wake();
    }

    private void changed() {
        wake();
        publish();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets others find what is offered now; what is not is found no longer, unless the unit moves. They may do anything when they hear of it: so
     * this may hang.
     */
    public void publish() {
        publications.renew();
    }

    /** Whether there is anything to {@link #publish}. */
    public boolean isPublishing() {
        return !publications.isEmpty() || !offers().isEmpty();
    }

    Map<Class<?>, Offer> offers() {
        GenerationOffers live = state.live();
        return live == null ? Map.of() : live.all();
    }

    boolean moves() {
        return state.moves();
    }

    /** Calls the live generation. */
    @Nullable
    Object call(Class<?> type, MethodHandle method, @Nullable Object[] arguments) throws Throwable {
        while (true) {
            State now = state;
            GenerationOffers target = now.live();
            if (target != null && !now.held()) {
                target.begin();
                Offer offer = state == now ? target.offer(type) : null;
                if (offer != null) {
                    return invoke(target, offer.service(), method, arguments);
                }
                target.end();
            }
            if (state == now) {
                await(now, type);
            }
        }
    }

    /** What is answered later is in flight until then. */
    private static @Nullable Object invoke(
            GenerationOffers target, Object service, MethodHandle method, @Nullable Object[] arguments)
            throws Throwable {
        boolean later = false;
        try {
            Object result = (Object) method.invokeExact(service, arguments);
            if (result instanceof CompletionStage<?> stage) {
                var _ = stage.whenComplete((value, failure) -> target.end());
                later = true;
            }
            return result;
        } finally {
            if (!later) {
                target.end();
            }
        }
    }

    /** Returns when it is worth looking again. */
    private void await(State now, Class<?> type) {
        if (!now.moves()) {
            throw unavailable(now.live() == null ? " is not live on this node" : " does not offer " + type.getName());
        }
        lock.lock();
        try {
            if (++waiting > MOST_WAITING) {
                throw unavailable(" moves to another version, and " + MOST_WAITING + " calls wait for it already");
            }
            while (state == now && now.offer(type) == null) {
                long left = now.until() - System.nanoTime();
                if (left <= 0) {
                    throw unavailable(" moves to another version, and does not offer " + type.getName() + " in time");
                }
                long _ = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(" moves to another version, and the call was interrupted while it waited");
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private UnitUnavailableException unavailable(String reason) {
        return new UnitUnavailableException(name, name + reason);
    }
}
