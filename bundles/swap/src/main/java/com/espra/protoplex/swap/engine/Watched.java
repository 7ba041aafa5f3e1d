package com.espra.protoplex.swap.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs foreign code on a thread of its own and gives it up at a deadline, so that code which never returns cannot hang the
 * engine. It is a platform thread: foreign code that spins would take a carrier away from all virtual ones.
 */
final class Watched {

    /** Something that may be refused. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws Refused;
    }

    private Watched() {}

    /**
     * Runs the action.
     *
     * @param what what it is, for people: "starting hello 1.0.1"
     * @throws Refused what the action threw, or that it did not end in time and where it was; its thread is interrupted then
     */
    static <T> T run(String what, Duration limit, Action<T> action) throws Refused {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().name(what).unstarted(() -> {
            try {
                result.complete(action.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        // Threads that foreign code starts inherit this: it must not be a loader of a generation.
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.start();
        try {
            return result.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw refused(what, Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            String where = StackFrames.ofInterest(thread.getStackTrace());
            thread.interrupt();
            throw new Refused(
                    what + " did not end within " + Texts.of(limit) + where
                            + ". Let it return soon and do its work in the background, or give it more time",
                    e);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new Refused(what + " was interrupted: the node stops", e);
        }
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
