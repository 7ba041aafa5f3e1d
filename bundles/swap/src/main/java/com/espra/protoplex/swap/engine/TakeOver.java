package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.swap.engine.SwapSteps.Body;
import com.espra.protoplex.swap.engine.SwapSteps.Stages;
import com.espra.protoplex.swap.offer.GenerationOffers;
import com.espra.protoplex.swap.offer.UnitOffers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How what can be open once goes from one generation to the next: the requests of the unit wait, what the old one has begun ends, the old one
 * closes it, the next one opens it. If one of these fails it is taken back, so that the old one has it open again before a request goes on.
 *
 * <p>{@link #open} runs on the thread of the steps, and all else on the unit's queue once that has ended or was given up.
 */
final class TakeOver {

    private static final int MOST_REQUESTS = 1024;
    private static final long MOST_BYTES = 4 << 20;

    /** Added to a deadline before it is given up: whoever has it ends by itself. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Context context;
    private final @Nullable Installed old;
    private final Installed next;
    private final Duration drain;
    private final Duration close;
    private final UnitOffers offers;

    private volatile @Nullable Hold hold;
    private volatile boolean closed;
    private volatile boolean opened;
    private String told = "";

    /**
     * @param drain how long what is in flight may take to end
     * @param offers what other units call
     */
    TakeOver(Context context, @Nullable Installed old, Installed next, Duration drain, UnitOffers offers) {
        this.context = context;
        this.old = old;
        this.next = next;
        this.drain = drain;
        this.close = context.policy().remove();
        this.offers = offers;
    }

    /** Whether the move from one to the other is of this kind. It is if either of the two has, or wants, what can be open once. */
    static boolean isNeeded(@Nullable Installed old, Installed next) {
        return next.release().takeOver() || (old != null && old.release().takeOver());
    }

    /**
     * Until the next one has it open, and is ready with it.
     *
     * @param others what else may keep the next one from being ready
     */
    void open(Stages stages, Supplier<List<Problem>> others) throws Refused {
        Installed before = old;
        if (before != null) {
            Hold.Bounds bounds = bounds(before);
            Hold begun = context.dispatcher().hold(before.backend().unit(), bounds);
            hold = begun;
            offers.hold(bounds.time());
            stages.part(
                    "telling " + name(before) + " that requests wait",
                    close,
                    () -> before.candidate().admit(false));
            stages.part(
                    "waiting for what " + name(before) + " has begun",
                    drain.plus(GRACE),
                    () -> awaitIdle(begun, before.offers()));
            closed = true;
            before.freeze();
            stages.part("closing " + name(before), close, before.candidate()::notLive);
        }
        opened = true;
        Duration ready = next.release().ready();
        stages.part("opening " + name(next), ready.plus(GRACE), () -> {
            next.candidate().live();
            next.gate().await(ready, others, stages::goesOn);
        });
    }

    private Hold.Bounds bounds(Installed before) {
        // Each part has a deadline of its own; this one is for the case that nobody is left to end the hold.
        Duration all = drain.plus(close.multipliedBy(3))
                .plus(next.release().ready())
                .plus(before.release().ready())
                .plus(GRACE.multipliedBy(4));
        return new Hold.Bounds(MOST_REQUESTS, MOST_BYTES, all);
    }

    private void awaitIdle(Hold begun, GenerationOffers calls) throws Refused {
        try {
            CompletableFuture<Long> all = begun.idle(drain).thenCombine(calls.idle(drain), Long::sum);
            long left = all.get(drain.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            if (left > 0) {
                throw new Refused(left + " requests in flight did not end within " + Texts.of(drain)
                        + ", so it was not asked to close. Let them end sooner, or give the build a longer drain");
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new Refused("what is in flight is not known: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted: the node stops", e);
        }
    }

    /** The next one serves: those that wait go on to it. */
    void end() {
        Hold begun = hold;
        offers.release();
        told = begun == null ? "" : text(begun.release());
    }

    /** How long requests waited, for people; empty if none could. */
    String told() {
        return told;
    }

    /**
     * All of it is taken back, in the reverse order, and those that wait go on to the old one.
     *
     * @return how that went, for people
     */
    String undo() {
        if (opened) {
            // If this hangs, too, it is interrupted and given up; the old one may find then that it cannot open.
            attempt("closing " + name(next), close, next.candidate()::notLive);
        }
        Installed before = old;
        Hold begun = hold;
        if (before == null || begun == null) {
            offers.release();
            return "";
        }
        String failure = closed
                ? reopen(before)
                : attempt(
                        "telling " + name(before) + " that requests come again",
                        close,
                        () -> before.candidate().admit(true));
        offers.release();
        String waited = text(begun.release());
        String version = before.release().version();
        return failure.isEmpty()
                ? version + " serves on; " + waited
                : version + " serves on without what it had open, because " + failure
                        + ". Push a version that can open it, or start the node again; " + waited;
    }

    private String reopen(Installed before) {
        Duration ready = before.release().ready();
        String failure = attempt("opening " + name(before) + " again", ready.plus(GRACE), () -> {
            before.candidate().live();
            before.gate().await(ready, before::lostRoutes, untold -> {});
        });
        String unserved = attempt("serving " + name(before) + " again", close, before::thaw);
        return Texts.inOne(failure, unserved);
    }

    /** @return why it could not be done; empty if it is */
    private static String attempt(String what, Duration limit, Body body) {
        try {
            Watched.run(what, limit, () -> {
                body.run();
                return true;
            });
            return "";
        } catch (Refused e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String text(Hold.Outcome how) {
        String waited = how.requests() == 0
                ? "none came"
                : how.requests() + " of them, the first for " + Texts.of(how.longest());
        return "requests were held for " + Texts.of(how.time()) + ": " + waited
                + (how.refused() == 0 ? "" : ", and " + how.refused() + " got 503");
    }

    private static String name(Installed generation) {
        return generation.backend().unit() + " " + generation.release().version();
    }
}
