package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.swap.engine.Generations.Candidate;
import com.espra.protoplex.swap.engine.SwapJournal.Subject;
import com.espra.protoplex.swap.engine.SwapSteps.Course;
import com.espra.protoplex.swap.engine.SwapSteps.Stages;
import com.espra.protoplex.swap.engine.SwapSteps.StepFailed;
import com.espra.protoplex.swap.offer.UnitOffers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A unit of this node and its generations. All that changes it runs on its queue, one after the other. */
final class Unit {

    private static final Logger LOG = LoggerFactory.getLogger(Unit.class);

    private static final int WAITING = 64;

    /** The gate gives up by itself and names what is missing; this much later it is one that hangs. */
    private static final Duration GATE_HANGS = Duration.ofSeconds(2);

    private final String name;
    private final Context context;
    private final SerialQueue queue;
    private final Retirement retirement;
    private final UnitOffers offers;
    /** The newest first; written on the queue, read from anywhere. */
    private final CopyOnWriteArrayList<Installed> generations = new CopyOnWriteArrayList<>();

    private volatile @Nullable Installed live;
    /**
     * Where the next release will be installed, if that is prepared. This and the number are touched by one thread at a time: that of the queue,
     * or the one whose steps the queue waits for.
     */
    private @Nullable Place place;

    private long number;

    /** What is being taken over, between its beginning and the end of the steps; by the same threads. */
    private volatile @Nullable TakeOver takeOver;

    Unit(String name, Context context) {
        this.name = name;
        this.context = context;
        this.offers = new UnitOffers(name, context.generations());
        this.queue = new SerialQueue("swap " + name, WAITING);
        this.retirement = new Retirement(name, context, queue, generations, this::prepare);
    }

    /** Makes the release live, when it is its turn. */
    CompletableFuture<Outcome> swap(Release release) {
        return enqueue(Step.PREFLIGHT, () -> swapNow(release));
    }

    /** Removes all generations, when it is their turn. */
    CompletableFuture<Outcome> remove() {
        return enqueue(Step.REMOVE, this::removeNow);
    }

    /** Lets go of what is at rest for too long, and looks at what was removed. */
    void tick() {
        if (retirement.isDue()) {
            queue.offer(retirement::tick);
        }
    }

    Optional<UnitStatus> status() {
        Installed current = live;
        List<GenerationStatus> all = new ArrayList<>();
        generations.forEach(generation -> all.add(generation.status()));
        all.addAll(retirement.removed());
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(new UnitStatus(name, current == null ? "" : current.id(), List.copyOf(all)));
    }

    private CompletableFuture<Outcome> enqueue(Step step, Turn turn) {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        Runnable task = () -> {
            Outcome outcome = take(step, turn);
            // Whoever waits goes on elsewhere: it must not hold up the queue.
            result.completeAsync(
                    () -> outcome,
                    waiting -> Thread.ofPlatform()
                            .daemon()
                            .name("outcome of " + name)
                            .start(waiting));
            prepare();
        };
        if (!queue.offer(task)) {
            result.complete(new Outcome(
                    false,
                    step,
                    WAITING + " calls for " + name + " are waiting already; try again later",
                    Duration.ZERO));
        }
        return result;
    }

    /** A place for a generation, with nothing in it yet. */
    private Place open(Release.Kind kind) {
        String id = name + "-" + ++number;
        Backend backend = context.dispatcher().open(name, id);
        return new Place(id, context.generations().create(kind, name, number, backend), backend, kind);
    }

    /**
     * Makes ready for the next release of a unit that serves, when nobody waits for it and the last one has drained: it takes half of the
     * time of an installation (docs/decisions/0024). If it fails, it is tried again when the release comes, and refused then.
     */
    private void prepare() {
        Installed current = live;
        boolean busy = generations.stream().anyMatch(generation -> generation.phase() == Phase.DRAINING);
        if (current == null || place != null || busy) {
            return;
        }
        Place next = open(current.release().kind());
        try {
            Watched.run("preparing " + next.id(), context.policy().install(), () -> {
                next.candidate().prepare();
                return true;
            });
            place = next;
        } catch (Refused e) {
            LOG.warn("{} could not be prepared ahead of its release: {}", next.id(), e.getMessage());
            discard(next);
        }
    }

    private void discardPlace() {
        Place unused = place;
        place = null;
        if (unused != null) {
            discard(unused);
        }
    }

    private void discard(Place unused) {
        try {
            Watched.run("removing " + unused.id(), context.policy().remove(), () -> {
                unused.candidate().remove();
                unused.backend().close();
                return true;
            });
        } catch (Refused e) {
            LOG.warn("{}. It is removed when it returns", e.getMessage());
        }
    }

    private static Outcome take(Step step, Turn turn) {
        try {
            return turn.take();
        } catch (RuntimeException | Error e) {
            LOG.error("a step failed in a way that it must not", e);
            return new Outcome(false, step, "a defect of the node itself, see its log: " + e, Duration.ZERO);
        }
    }

    private Outcome swapNow(Release release) {
        Installed current = live;
        if (current != null && current.release().digest().equals(release.digest())) {
            return new Outcome(true, Step.FLIP, "", Duration.ZERO);
        }
        String from = current == null ? "" : current.release().version();
        SwapJournal.Entry entry = context.journal().begin(name, from, release.version());
        SwapSteps steps = new SwapSteps(context, entry);
        Installed warm = generations.stream()
                .filter(generation -> generation.release().digest().equals(release.digest()))
                .findFirst()
                .orElse(null);
        try {
            return entry.end(warm == null ? fresh(steps, release) : again(steps, warm, release));
        } catch (StepFailed e) {
            return entry.end(new Outcome(false, e.step(), String.valueOf(e.getMessage()), Duration.ZERO));
        }
    }

    /** Runs the steps. If they fail in a take-over, that is taken back first of all. */
    private Outcome run(SwapSteps steps, Course<Outcome> course) throws StepFailed {
        try {
            return steps.run(course);
        } catch (StepFailed e) {
            TakeOver begun = takeOver;
            if (begun == null) {
                throw e;
            }
            StepFailed both = e.followedBy(begun.undo());
            publishOffers();
            throw both;
        } finally {
            takeOver = null;
        }
    }

    private Outcome fresh(SwapSteps steps, Release release) throws StepFailed {
        AtomicReference<@Nullable Installed> made = new AtomicReference<>();
        try {
            return run(steps, stages -> {
                stages.watched(
                        Step.PREFLIGHT,
                        new Subject(release.version(), ""),
                        "the preflight of " + name,
                        context.policy().install(),
                        () -> context.generations().preflight(release));
                Instant begun = context.now();
                Installed generation = generation(release, begun);
                made.set(generation);
                bringUp(stages, generation, begun);
                return flip(steps, stages, generation, release, () -> lostRoutes(generation), begun);
            });
        } catch (StepFailed e) {
            Installed failed = made.get();
            if (failed != null) {
                retirement.remove(steps, failed);
            }
            throw e;
        }
    }

    private Place place(Release.Kind kind) {
        if (place != null && place.kind() != kind) {
            discardPlace();
        }
        Place prepared = place;
        place = null;
        return prepared == null ? open(kind) : prepared;
    }

    private Installed generation(Release release, Instant begun) {
        Place here = place(release.kind());
        Installed generation = new Installed(here.id(), release, here.candidate(), here.backend(), begun);
        generations.addFirst(generation);
        return generation;
    }

    private void bringUp(Stages stages, Installed generation, Instant begun) throws Refused {
        Subject subject = generation.subject();
        String label = name + " " + subject.version();
        Duration limit = generation.release().ready();
        stages.watched(
                Step.INSTALL,
                subject,
                "installing " + label,
                context.policy().install(),
                () -> generation.candidate().install(generation.release()),
                () -> generation.candidate().remarks());
        stages.watched(
                Step.START,
                subject,
                "starting " + label,
                limit,
                () -> generation.candidate().start());
        Duration left = limit.minus(Duration.between(begun, context.now()));
        awaitReady(stages, generation, "waiting for " + label, left.isNegative() ? Duration.ZERO : left);
    }

    private void awaitReady(Stages stages, Installed generation, String what, Duration left) throws Refused {
        // What takes over may have its routes only when it has done so.
        boolean later = generation.release().takeOver();
        stages.watched(
                Step.READY,
                generation.subject(),
                what,
                left.plus(GATE_HANGS),
                () -> generation.gate().await(left, () -> later ? List.of() : lostRoutes(generation)));
    }

    /** An app may register its servlets when it has started: until then the flip would lose requests. */
    private List<Problem> lostRoutes(Installed next) {
        Installed current = live;
        return current == null || next.release().dropRoutes()
                ? List.of()
                : next.routesLostFrom(current, "Push it with --drop-routes if they are to go");
    }

    /** Back, or forth, to a generation that is still there. */
    private Outcome again(SwapSteps steps, Installed warm, Release release) throws StepFailed {
        Instant begun = context.now();
        String label = name + " " + release.version();
        return run(steps, stages -> {
            if (warm.phase() == Phase.RESTING) {
                stages.watched(Step.READY, warm.subject(), "resuming " + label, release.ready(), () -> {
                    warm.candidate().resumed();
                    warm.gate().await(release.ready(), List::of);
                });
            }
            return flip(steps, stages, warm, release, warm::lostRoutes, begun);
        });
    }

    /** @param others what else must be so when it has taken over, if it does */
    private Outcome flip(
            SwapSteps steps,
            Stages stages,
            Installed next,
            Release release,
            Supplier<List<Problem>> others,
            Instant begun)
            throws Refused {
        Installed old = live;
        if (TakeOver.isNeeded(old, next)) {
            TakeOver move = new TakeOver(context, old, next, release.drain(), offers);
            takeOver = move;
            stages.own(
                    Step.FLIP,
                    next.subject(),
                    () -> {
                        move.open(stages, others);
                        flipped(next);
                        move.end();
                    },
                    () -> Texts.inOne(reach(next), move.told()));
        } else {
            stages.own(Step.FLIP, next.subject(), () -> flipped(next), () -> reach(next));
        }
        Instant now = context.now();
        next.enter(Phase.LIVE, now);
        live = next;
        passOnWhatChanged(next);
        if (takeOver == null) {
            relieve(old, next);
            offers.release();
        }
        publishOffers();
        if (old != null) {
            retirement.drain(steps, old, release.drain());
        }
        return new Outcome(true, Step.FLIP, "", Duration.between(begun, now));
    }

    /**
     * What only the live generation may do goes from one to the other. Requests are not held up by it, and its failure is no failure of the
     * swap, which is done: components that wait for the condition say for themselves what is wrong with them.
     */
    private void relieve(@Nullable Installed old, @Nullable Installed next) {
        try {
            Watched.run("the relief of " + name, context.policy().remove(), () -> {
                if (old != null) {
                    old.candidate().notLive();
                }
                if (next != null) {
                    next.candidate().live();
                }
                return true;
            });
        } catch (Refused e) {
            LOG.warn("{}. {} serves all the same", e.getMessage(), name);
        }
    }

    /** Units that use what is offered hear of it, and do then what they want: so this is watched, and no failure of the swap. */
    private void publishOffers() {
        if (!offers.isPublishing()) {
            return;
        }
        try {
            Watched.run(
                    "telling other units what " + name + " offers",
                    context.policy().remove(),
                    () -> {
                        offers.publish();
                        return true;
                    });
        } catch (Refused e) {
            LOG.warn("{}. {} serves all the same", e.getMessage(), name);
        }
    }

    /** Nothing of it need be reached: it may be there for what it does by itself. But who pushes should know. */
    private static String reach(Installed next) {
        return next.routes().isEmpty() ? "it has no route: no request reaches it" : "";
    }

    /** What changed between the offer and the new phase was not passed on. */
    private static void passOnWhatChanged(Installed next) {
        try {
            next.offer();
        } catch (RuntimeException e) {
            LOG.warn("{}: its endpoints are those of the flip", next.id(), e);
        }
    }

    private void flipped(Installed next) throws Refused {
        try {
            next.offer();
            context.dispatcher().flip(next.backend());
            offers.flip(next.offers(), context.policy().remove());
        } catch (RouteConflictException e) {
            throw new Refused(
                    "the route " + e.route() + " belongs to " + e.holder() + " already. Give " + name
                            + (e.route().isStream() ? " another listener" : " another path") + ", or remove "
                            + e.holder() + " first",
                    e);
        } catch (RuntimeException e) {
            throw new Refused("the dispatcher refused it: " + e, e);
        }
    }

    private Outcome removeNow() {
        if (generations.isEmpty()) {
            return new Outcome(false, Step.REMOVE, "this node has no " + name, Duration.ZERO);
        }
        Installed current = live;
        String from = current == null ? "" : current.release().version();
        SwapJournal.Entry entry = context.journal().begin(name, from, "");
        SwapSteps steps = new SwapSteps(context, entry);
        context.dispatcher().withdraw(name);
        offers.withdraw();
        publishOffers();
        live = null;
        discardPlace();
        if (current != null && current.release().takeOver()) {
            // What is in flight needs what it has open.
            retirement.drainNow(steps, current);
            relieve(current, null);
        } else if (current != null) {
            relieve(current, null);
            retirement.drainNow(steps, current);
        }
        List<String> stuck = new ArrayList<>();
        for (Installed generation : generations) {
            retirement.remove(steps, generation).ifPresent(stuck::add);
        }
        return entry.end(new Outcome(stuck.isEmpty(), Step.REMOVE, String.join("; ", stuck), Duration.ZERO));
    }

    /** The end of the node: everything goes, without a drain, which is over by now. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable task = () -> {
            SwapSteps steps = new SwapSteps(context, context.journal().begin(name, "", ""));
            live = null;
            offers.withdraw();
            publishOffers();
            discardPlace();
            generations.forEach(generation -> retirement.remove(steps, generation));
            done.complete(null);
        };
        if (!queue.offer(task)) {
            done.complete(null);
        }
        return done;
    }

    /**
     * Where a release can be installed.
     *
     * @param id the generation that it will be
     */
    private record Place(String id, Candidate candidate, Backend backend, Release.Kind kind) {}

    @FunctionalInterface
    private interface Turn {
        Outcome take();
    }
}
