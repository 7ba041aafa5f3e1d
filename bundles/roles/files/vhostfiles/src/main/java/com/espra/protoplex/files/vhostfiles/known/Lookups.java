package com.espra.protoplex.files.vhostfiles.known;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What names stand for, asked once and remembered: what was found, and what was not. However many ask for a name at once, the source is asked
 * once; and after a change is told nobody is given what was looked up before.
 *
 * <p>What may have changed is asked for again. If no answer comes soon, or the source is away, what is known goes on.
 *
 * <p>Threads: safe from any. What is known is read without a lock.
 */
public final class Lookups<V> implements AutoCloseable {

    /** How long somebody waits who could be given what is known. */
    private static final Duration SHORT = Duration.ofMillis(200);
    /** How long anybody else waits. */
    private static final Duration LONG = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int FAILURES = 3;
    private static final int MOST_LOOKS = 64;
    private static final int MISSING_SHARE = 4;

    private final LookupSource<V> source;
    private final ToIntFunction<V> bytes;
    private final Function<String, Shelf> shelf;
    private final LongSupplier nanos;
    private final Map<String, NameAnswer<V>> known = new ConcurrentHashMap<>();
    private final Map<String, Look<V>> looks = new ConcurrentHashMap<>();
    private final Sweep<V> found;
    private final Sweep<V> missing;
    private final Semaphore permits = new Semaphore(MOST_LOOKS);
    private final AtomicInteger failures = new AtomicInteger();
    private final ExecutorService threads = LookupThreads.open();
    private volatile int era;
    private volatile long pausedUntil;

    /**
     * How long answers hold.
     *
     * @param found what was found
     * @param missing what was not
     */
    public record Shelf(Duration found, Duration missing) {}

    /** How much is known, and whether the source answers. */
    public record Facts(int names, long bytes, int looks, boolean isAnswering) {}

    /** Compared by which it is. */
    private static final class Look<V> {

        final int era;
        final CompletableFuture<Optional<V>> answer = new CompletableFuture<>();

        Look(int era) {
            this.era = era;
        }
    }

    /**
     * Knows nothing.
     *
     * @param mostBytes about what may be kept; a quarter of it for names that stand for nothing
     * @param bytes of a value, about
     * @param shelf how long what is known of a name holds
     * @param nanos as {@link System#nanoTime}
     */
    public Lookups(
            LookupSource<V> source,
            long mostBytes,
            ToIntFunction<V> bytes,
            Function<String, Shelf> shelf,
            LongSupplier nanos) {
        this.source = source;
        this.bytes = bytes;
        this.shelf = shelf;
        this.nanos = nanos;
        missing = new Sweep<>(known, mostBytes / MISSING_SHARE);
        found = new Sweep<>(known, mostBytes - mostBytes / MISSING_SHARE);
        pausedUntil = nanos.getAsLong();
    }

    /**
     * What a name stands for.
     *
     * @throws IOException if that is not known, and cannot be learnt now: try again later
     */
    public Optional<V> get(String name) throws IOException {
        NameAnswer<V> answer = known.get(name);
        if (answer != null) {
            if (!answer.used) {
                answer.used = true;
            }
            if (holds(answer)) {
                return answer.value;
            }
        }
        return ask(name, answer);
    }

    private boolean holds(NameAnswer<V> answer) {
        Shelf times = shelf.apply(answer.name);
        Duration time = answer.value.isPresent() ? times.found() : times.missing();
        return answer.era == era && nanos.getAsLong() - answer.nanos < time.toNanos();
    }

    private Optional<V> ask(String name, @Nullable NameAnswer<V> old) throws IOException {
        if (isPaused()) {
            return orOld(old, new IOException("nobody can be asked for '" + name + "' now"));
        }
        Look<V> joined = looks.compute(name, this::joined);
        if (joined == null) {
            return orOld(old, new IOException("too many names are asked for at once"));
        }
        CompletableFuture<Optional<V>> look = joined.answer;
        Duration patience = old == null ? LONG : SHORT;
        try {
            return look.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return orOld(old, new IOException("'" + name + "' is not known: " + e.getCause(), e.getCause()));
        } catch (TimeoutException e) {
            return orOld(old, new IOException("no answer came for '" + name + "'", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("stopped").initCause(e);
        }
    }

    /** What is known goes on, unless it was taken back while the look took place. */
    private Optional<V> orOld(@Nullable NameAnswer<V> old, IOException failure) throws IOException {
        if (old == null || known.get(old.name) != old) {
            throw failure;
        }
        return old.value;
    }

    private boolean isPaused() {
        return failures.get() >= FAILURES && pausedUntil - nanos.getAsLong() > 0;
    }

    /** The look that is under way, or a new one; null if there are too many. */
    private @Nullable Look<V> joined(String name, @Nullable Look<V> current) {
        int now = era;
        if (current != null && current.era == now) {
            return current;
        }
        if (!permits.tryAcquire()) {
            return null;
        }
        Look<V> look = new Look<>(now);
        threads.execute(() -> look(name, look));
        return look;
    }

    private void look(String name, Look<V> look) {
        long began = nanos.getAsLong();
        try {
            Optional<V> value = source.look(name);
            failures.set(0);
            remember(new NameAnswer<>(name, value, value.map(bytes::applyAsInt).orElse(0), look.era, began), look);
            look.answer.complete(value);
        } catch (IOException | RuntimeException e) {
            pausedUntil = nanos.getAsLong() + PAUSE.toNanos();
            failures.incrementAndGet();
            looks.remove(name, look);
            look.answer.completeExceptionally(e);
        } finally {
            permits.release();
        }
    }

    /** Unless it changed meanwhile: then this look is not the one of its name any more. */
    private void remember(NameAnswer<V> answer, Look<V> look) {
        boolean[] kept = {false};
        looks.computeIfPresent(answer.name, (name, current) -> {
            if (current != look) {
                return current;
            }
            known.put(name, answer);
            kept[0] = true;
            return null;
        });
        if (kept[0]) {
            (answer.value.isPresent() ? found : missing).added(answer);
        }
    }

    /** It stands for something else now: what is known of it is wrong. */
    public void changed(String name) {
        looks.compute(name, (same, _) -> {
            known.remove(same);
            return null;
        });
    }

    /** All that is known is wrong. */
    public void allChanged() {
        everythingMayHaveChanged();
        known.clear();
    }

    /** What is known may be wrong: it is asked for again before it is used, if that can be. */
    public void everythingMayHaveChanged() {
        synchronized (looks) {
            era++;
        }
    }

    /** For people. */
    public Facts facts() {
        return new Facts(known.size(), found.bytes() + missing.bytes(), looks.size(), failures.get() < FAILURES);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
