package com.espra.protoplex.swap.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs foreign code on a thread of its own and gives it up at a deadline, so that code which never returns cannot hang the
 * engine. It is a platform thread: foreign code that spins would take a carrier away from all virtual ones.
 *
 * <p>The code may come in parts, each with a deadline of its own, that share the thread: under load each hand-over from thread to thread
 * waits for a turn of the processor.
 */
final class Watched {

    /** Something that may be refused. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws Refused;
    }

    /** Something in parts: it says when each of them ends and the next one begins. */
    @FunctionalInterface
    interface Course<T> {
        T run(Watched watch) throws Refused;
    }

    /**
     * How long it goes before others, at the most: long enough for a swap of a usual app, and too short for one that computes while it
     * starts to keep the requests waiting.
     */
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long it sleeps at most: a part may begin meanwhile that may take less long than the one before. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Precedence precedence;
    private String what;
    private Duration limit = Duration.ZERO;
    /** By {@link System#nanoTime}; of no meaning while nothing is watched. */
    private long end;

    private boolean watching;
    private boolean givenUp;
    private boolean asUsual;
    private @Nullable Runnable endOfPrecedence;

    private Watched(String what, Precedence precedence) {
        this.what = what;
        this.precedence = precedence;
    }

    /**
     * Runs the action.
     *
     * @param what what it is, for people: "starting hello 1.0.1"
     * @throws Refused what the action threw, or that it did not end in time and where it was; its thread is interrupted then
     */
    static <T> T run(String what, Duration limit, Action<T> action) throws Refused {
        Watched watch = new Watched(what, Precedence.NONE);
        watch.begin(what, limit);
        return watch.run(ignored -> action.run());
    }

    /**
     * Runs what comes in parts. Nothing is watched but what is between {@link #begin} and {@link #end}.
     *
     * @param what what all of it is, for people
     * @param precedence goes before others with it at first
     * @throws Refused as {@link #run}
     */
    static <T> T inParts(String what, Precedence precedence, Course<T> course) throws Refused {
        return new Watched(what, precedence).run(course);
    }

    private <T> T run(Course<T> course) throws Refused {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().name(what).unstarted(() -> {
            try {
                goFirst();
                result.complete(course.run(this));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            } finally {
                goOnAsUsual();
            }
        });
        // Threads that foreign code starts inherit this: it must not be a loader of a generation.
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.start();
        try {
            return await(result, thread);
        } catch (ExecutionException e) {
            throw refused(what(), Objects.requireNonNullElse(e.getCause(), e));
        } catch (InterruptedException e) {
            giveUp();
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new Refused(what() + " was interrupted: the node stops", e);
        }
    }

    private synchronized void goFirst() {
        if (!asUsual) {
            endOfPrecedence = precedence.take();
        }
    }

    private synchronized void goOnAsUsual() {
        asUsual = true;
        Runnable taken = endOfPrecedence;
        endOfPrecedence = null;
        if (taken != null) {
            taken.run();
        }
    }

    private <T> T await(CompletableFuture<T> result, Thread thread)
            throws ExecutionException, InterruptedException, Refused {
        try {
            return result.get(Math.min(FIRST_NANOS, Math.max(1, left())), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            goOnAsUsual();
        }
        while (true) {
            try {
                return result.get(Math.min(LOOK_NANOS, Math.max(1, left())), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                Optional<String> late = giveUpIfLate();
                if (late.isPresent()) {
                    String where = StackFrames.ofInterest(thread.getStackTrace());
                    thread.interrupt();
                    throw new Refused(
                            late.get() + where
                                    + ". Let it return soon and do its work in the background, or give it more time",
                            e);
                }
            }
        }
    }

    /**
     * A part begins.
     *
     * @param next what it is, for people
     * @param most how long it may take
     * @throws Refused if all was given up before
     */
    synchronized void begin(String next, Duration most) throws Refused {
        goOn();
        what = next;
        limit = most;
        end = System.nanoTime() + most.toNanos();
        watching = true;
    }

    /**
     * The part is at its end.
     *
     * @throws Refused if it was given up before: nothing may follow
     */
    synchronized void end() throws Refused {
        goOn();
        watching = false;
    }

    private void goOn() throws Refused {
        if (givenUp) {
            throw new Refused(what + " was given up");
        }
    }

    private synchronized String what() {
        return what;
    }

    /** Nanoseconds, or a while if nothing is watched. */
    private synchronized long left() {
        return watching ? end - System.nanoTime() : LOOK_NANOS;
    }

    private synchronized void giveUp() {
        givenUp = true;
    }

    private synchronized Optional<String> giveUpIfLate() {
        givenUp = watching && end - System.nanoTime() <= 0;
        return givenUp ? Optional.of(what + " did not end within " + Texts.of(limit)) : Optional.empty();
    }

    private static Refused refused(String what, Throwable cause) {
        if (cause instanceof Refused refused) {
            return refused;
        }
        return new Refused(
                what + " failed: " + cause.getClass().getSimpleName() + ": " + cause.getMessage()
                        + StackFrames.ofInterest(cause.getStackTrace()),
                cause);
    }
}
