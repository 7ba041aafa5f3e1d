package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.swap.engine.Generations.Unloading;
import com.espra.protoplex.swap.engine.Installed.Gone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What happens to a generation that no longer serves: drain, rest, removal, and the proof that nothing is left. */
final class Retirement {

    /** Added to a drain's own deadline before it is given up: the dispatcher breaks off what is left by itself. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final String unit;
    private final Context context;
    private final SerialQueue queue;
    private final CopyOnWriteArrayList<Installed> generations;
    private final CopyOnWriteArrayList<Held> removed = new CopyOnWriteArrayList<>();
    private final Runnable afterDrain;

    /** @param afterDrain what the queue does when a generation has drained */
    Retirement(
            String unit,
            Context context,
            SerialQueue queue,
            CopyOnWriteArrayList<Installed> generations,
            Runnable afterDrain) {
        this.unit = unit;
        this.context = context;
        this.queue = queue;
        this.generations = generations;
        this.afterDrain = afterDrain;
    }

    /** Lets the old generation end what it began, beside everything else. */
    void drain(SwapSteps steps, Installed old, Duration limit) {
        long drain = old.beginDrain(context.now());
        Instant begun = steps.begin(Step.DRAIN, old.subject());
        var _ = old.drain(limit)
                .whenComplete((broken, failure) -> queue.offer(() -> {
                    drained(steps, old, drain, begun, broken);
                    afterDrain.run();
                }));
    }

    private void drained(SwapSteps steps, Installed old, long drain, Instant begun, @Nullable Long broken) {
        if (!old.drains(drain)) {
            return;
        }
        tellDrained(steps, old, begun, broken == null ? -1 : broken);
        Instant now = steps.begin(Step.REST, old.subject());
        try {
            Watched.run("resting " + old.id(), context.policy().remove(), () -> {
                old.candidate().rested();
                return true;
            });
            old.enter(Phase.RESTING, now);
            steps.tell(
                    Step.REST,
                    old.subject(),
                    State.DONE,
                    "for " + Texts.of(context.policy().rest()),
                    now);
            expire(steps);
        } catch (Refused e) {
            steps.tell(Step.REST, old.subject(), State.FAILED, String.valueOf(e.getMessage()), now);
            remove(steps, old);
        }
    }

    private static void tellDrained(SwapSteps steps, Installed old, Instant begun, long broken) {
        String detail = broken == 0 ? "" : broken < 0 ? "unknown" : broken + " broken off at the deadline";
        steps.tell(Step.DRAIN, old.subject(), State.DONE, detail, begun);
    }

    /** Lets a generation end what it began, and waits for it. */
    void drainNow(SwapSteps steps, Installed generation) {
        generation.beginDrain(context.now());
        Instant begun = steps.begin(Step.DRAIN, generation.subject());
        Duration limit = generation.release().drain();
        CompletableFuture<Long> drain = generation.drain(limit);
        try {
            tellDrained(steps, generation, begun, drain.get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            steps.tell(Step.DRAIN, generation.subject(), State.FAILED, String.valueOf(e), begun);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether {@link #tick} would do anything. */
    boolean isDue() {
        return !removed.isEmpty() || !overdue().isEmpty();
    }

    void tick() {
        expire(new SwapSteps(context, context.journal().apart(unit, "")));
        for (Held held : removed) {
            look(held);
        }
    }

    private void look(Held held) {
        Gone gone = held.gone;
        if (gone.unloading().collected()) {
            removed.remove(held);
            held.steps.tell(Step.REMOVE, gone.subject(), State.PROGRESS, "collected", held.since);
        } else if (!held.told && gone.unloading().overdue()) {
            held.told = true;
            String detail = "not collected: " + gone.unloading().holders();
            SwapJournal.Entry entry =
                    context.journal().apart(unit, gone.subject().version());
            new SwapSteps(context, entry).tell(Step.REMOVE, gone.subject(), State.PROGRESS, detail, held.since);
            String reason = gone.subject().generation() + " is removed and " + detail;
            entry.end(new Outcome(false, Step.REMOVE, reason, Duration.ZERO));
        }
    }

    private void expire(SwapSteps steps) {
        overdue().forEach(generation -> remove(steps, generation));
    }

    /** The generations at rest that are too many or too old. */
    private List<Installed> overdue() {
        Instant now = context.now();
        List<Installed> resting = generations.stream()
                .filter(generation -> generation.phase() == Phase.RESTING)
                .sorted(Comparator.comparing(Installed::since).reversed())
                .toList();
        List<Installed> overdue = new ArrayList<>();
        for (int i = 0; i < resting.size(); i++) {
            boolean tooOld =
                    !resting.get(i).since().plus(context.policy().rest()).isAfter(now);
            if (i >= context.policy().restKeep() || tooOld) {
                overdue.add(resting.get(i));
            }
        }
        return overdue;
    }

    /**
     * Takes a generation away.
     *
     * @return why it is not gone yet: it goes on behind the scenes then
     */
    Optional<String> remove(SwapSteps steps, Installed generation) {
        Instant begun = steps.begin(Step.REMOVE, generation.subject());
        generations.remove(generation);
        Removal removal = new Removal();
        Held held = new Held(generation.gone(removal, begun), steps, begun);
        removed.addFirst(held);
        try {
            Watched.run("removing " + generation.id(), context.policy().remove(), () -> {
                removal.proof = generation.candidate().remove();
                generation.backend().close();
                return true;
            });
            steps.tell(Step.REMOVE, generation.subject(), State.DONE, "", begun);
            look(held);
            return Optional.empty();
        } catch (Refused e) {
            String reason = e.getMessage() + ". It is cut off from everything else, and removed when it returns";
            steps.tell(Step.REMOVE, generation.subject(), State.FAILED, reason, begun);
            return Optional.of(reason);
        }
    }

    List<GenerationStatus> removed() {
        return removed.stream().map(held -> held.gone.status()).toList();
    }

    /** A removal that may still go on. */
    private static final class Removal implements Unloading {
        private volatile @Nullable Unloading proof;

        @Override
        public boolean collected() {
            Unloading made = proof;
            return made != null && made.collected();
        }

        @Override
        public boolean overdue() {
            Unloading made = proof;
            return made != null && made.overdue();
        }

        @Override
        public String holders() {
            Unloading made = proof;
            return made == null ? "it is still being removed" : made.holders();
        }
    }

    private static final class Held {
        private final Gone gone;
        private final SwapSteps steps;
        private final Instant since;
        private boolean told;

        Held(Gone gone, SwapSteps steps, Instant since) {
            this.gone = gone;
            this.steps = steps;
            this.since = since;
        }
    }
}
