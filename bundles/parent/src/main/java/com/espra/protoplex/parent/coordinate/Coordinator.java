package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.SwapRecord;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The children as one engine: each unit is swapped in all of those that it is for, or in none, and whoever comes later is brought to what is
 * decided before it serves.
 *
 * <p>Threads: safe from any; what is asked is carried out on the executor. No call blocks.
 */
public final class Coordinator {

    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

    private final Executor executor;
    private final Surroundings surroundings;
    private final NodeJournal journal = new NodeJournal();
    private final Map<String, NodeUnit> units = new TreeMap<>();
    private final Map<String, Enrolled> members = new LinkedHashMap<>();
    private final NodeUnit.Colleagues colleagues = new NodeUnit.Colleagues() {
        @Override
        public boolean serves(String member) {
            Enrolled enrolled = members.get(member);
            return enrolled != null && enrolled.serves;
        }

        @Override
        public void lost(SwapMember member, String reason) {
            Coordinator.this.lost(member, reason);
        }

        @Override
        public void seen(SwapMember member, String unit, List<UnitStatus> status) {
            Coordinator.this.seen(member, unit, status);
        }
    };
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private boolean restored;
    /** What was told last of the one process: null before anything was. */
    private @Nullable Boolean oneNeeded;

    private volatile List<UnitStatus> picture = List.of();

    /** A member, and what it has told last. */
    private static final class Enrolled {
        private final SwapMember member;
        private Map<String, UnitStatus> units = new HashMap<>();
        private boolean serves;
        private boolean told;
        private boolean asked;
        private boolean askAgain;

        private Enrolled(SwapMember member) {
            this.member = member;
        }
    }

    /** No children yet. */
    public Coordinator(Surroundings surroundings) {
        this.executor = surroundings.executor();
        this.surroundings = new Surroundings(
                this::execute,
                surroundings.alarm(),
                surroundings.clock(),
                surroundings.listeners(),
                surroundings.one());
    }

    /** Completes, on the executor, when the release serves in all children, or in none. */
    public CompletableFuture<Outcome> swap(Release release) {
        return call(release.unit(), (unit, result) -> unit.swap(release, result));
    }

    /** Completes, on the executor, when no child has the unit any more. */
    public CompletableFuture<Outcome> remove(String name) {
        return call(name, NodeUnit::remove);
    }

    /**
     * Has one child look whether all that a release needs is there: all children are of one distribution.
     *
     * @return completes with what is missing, for people; fails if no child can tell
     */
    public CompletableFuture<String> check(Release release) {
        CompletableFuture<String> result = new CompletableFuture<>();
        execute(() -> members.values().stream()
                .map(enrolled -> enrolled.member)
                .min(Comparator.comparing(member -> member.placement() != release.placement()))
                .ifPresentOrElse(
                        member -> {
                            var _ = member.check(release).whenComplete((missing, failure) -> {
                                if (failure == null) {
                                    result.complete(missing);
                                } else {
                                    result.completeExceptionally(failure);
                                }
                            });
                        },
                        () -> result.completeExceptionally(
                                new IllegalStateException("no child of this node takes swaps just now"))));
        return result;
    }

    private interface Call {
        void to(NodeUnit unit, CompletableFuture<Outcome> result);
    }

    private CompletableFuture<Outcome> call(String name, Call call) {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        CompletableFuture<Outcome> handedOn = new CompletableFuture<>();
        // Later than the task that brings it about: then the picture of the units is the new one.
        var _ = result.whenComplete((outcome, failure) -> executor.execute(() -> {
            if (failure == null) {
                handedOn.complete(outcome);
            } else {
                handedOn.completeExceptionally(failure);
            }
        }));
        execute(() -> {
            try {
                call.to(unit(name), result);
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
                throw e;
            }
        });
        return handedOn;
    }

    private NodeUnit unit(String name) {
        return units.computeIfAbsent(name, missing -> {
            NodeUnit unit = new NodeUnit(missing, surroundings, journal, colleagues);
            members.values().forEach(enrolled -> unit.join(enrolled.member));
            return unit;
        });
    }

    /** A child takes swaps from now on. One of the same id is another life of it: what is known of it holds no longer. */
    public void join(SwapMember member) {
        execute(() -> {
            leave(member.id());
            members.put(member.id(), new Enrolled(member));
            List.copyOf(units.values()).forEach(unit -> unit.join(member));
        });
    }

    /** A child answers requests from now on. */
    public void serves(String member) {
        execute(() -> {
            Enrolled enrolled = members.get(member);
            if (enrolled != null) {
                enrolled.serves = true;
            }
        });
    }

    /** A child is gone. */
    public void gone(String member) {
        execute(() -> leave(member));
    }

    private void leave(String member) {
        if (members.remove(member) != null) {
            List.copyOf(units.values()).forEach(unit -> unit.leave(member));
        }
    }

    private void lost(SwapMember member, String reason) {
        Enrolled enrolled = members.get(member.id());
        if (enrolled != null && enrolled.member.equals(member)) {
            LOG.warn("child {} is not counted on any more: {}", member.id(), reason);
            member.replace(reason);
            leave(member.id());
        }
    }

    /** A child tells of a step. */
    public void hear(String member, SwapEvent event) {
        execute(() -> {
            NodeUnit unit = units.get(event.unit());
            Enrolled enrolled = members.get(member);
            if (unit != null && enrolled != null) {
                unit.hear(member, event);
                if (event.state() == State.DONE || event.state() == State.FAILED) {
                    look(enrolled);
                }
            }
        });
    }

    /** A step that somebody else carries out, before a swap. */
    public void announce(SwapEvent event) {
        execute(() -> {
            journal.announce(event);
            surroundings.listeners().accept(event);
        });
    }

    /** The node has tried all that it should run: children that have it all may serve. */
    public void restored(boolean now) {
        execute(() -> restored = now);
    }

    /** The units as they were seen last, by name. */
    public List<UnitStatus> units() {
        return picture;
    }

    /** Asks all children what they have; {@link #units} will tell it. */
    public void look() {
        if (lookDue.compareAndSet(false, true)) {
            execute(() -> {
                lookDue.set(false);
                List.copyOf(members.values()).forEach(this::look);
            });
        }
    }

    /** The last swaps, the newest first. */
    public List<SwapRecord> history() {
        return journal.history();
    }

    /** One question at a time for each child; what happens meanwhile makes for one more. */
    private void look(Enrolled enrolled) {
        if (enrolled.asked) {
            enrolled.askAgain = true;
            return;
        }
        enrolled.asked = true;
        var _ = enrolled.member
                .units()
                .whenComplete((units, failure) -> execute(() -> looked(enrolled, units, failure)));
    }

    private void looked(Enrolled enrolled, @Nullable List<UnitStatus> units, @Nullable Throwable failure) {
        enrolled.asked = false;
        if (units == null) {
            LOG.debug("child {} does not tell its units", enrolled.member.id(), failure);
        } else {
            Map<String, UnitStatus> all = new HashMap<>();
            units.forEach(unit -> all.put(unit.unit(), unit));
            enrolled.units = all;
        }
        if (enrolled.askAgain && enrolled.equals(members.get(enrolled.member.id()))) {
            enrolled.askAgain = false;
            look(enrolled);
        }
    }

    private void seen(SwapMember member, String unit, List<UnitStatus> status) {
        Enrolled enrolled = members.get(member.id());
        if (enrolled != null) {
            enrolled.units.remove(unit);
            status.forEach(each -> enrolled.units.put(each.unit(), each));
        }
    }

    /** Every task ends with a look at what it may have changed. */
    private void execute(Runnable task) {
        executor.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a step of the coordination failed in a way that it must not", e);
            }
            conclude();
        });
    }

    private void conclude() {
        for (Enrolled enrolled : List.copyOf(members.values())) {
            if (restored && !enrolled.told && isSettled(enrolled.member.id())) {
                enrolled.told = true;
                tellRestored(enrolled.member);
            }
        }
        draw();
        tellOne();
    }

    /** Before the node has tried all that it should run, nobody knows yet that nothing needs it. */
    private void tellOne() {
        boolean needed = units.values().stream().anyMatch(NodeUnit::isInOne);
        if ((needed || restored) && (oneNeeded == null || oneNeeded != needed)) {
            oneNeeded = needed;
            surroundings.one().accept(needed);
        }
    }

    private boolean isSettled(String member) {
        return units.values().stream().allMatch(unit -> unit.isSettled(member));
    }

    private void tellRestored(SwapMember member) {
        var _ = member.restored().whenComplete((told, failure) -> {
            if (failure != null) {
                execute(() -> lost(member, "it cannot be told to serve: " + failure.getMessage()));
            }
        });
    }

    private void draw() {
        Map<String, List<UnitStatus>> byUnit = new TreeMap<>();
        for (Enrolled enrolled : members.values()) {
            enrolled.units
                    .values()
                    .forEach(status -> byUnit.computeIfAbsent(status.unit(), missing -> new ArrayList<>())
                            .add(status));
        }
        List<UnitStatus> drawn = new ArrayList<>();
        byUnit.forEach((name, parts) -> unit(name).status(parts).ifPresent(drawn::add));
        picture = List.copyOf(drawn);
        units.entrySet().removeIf(entry -> {
            boolean gone = entry.getValue().isGone() && !byUnit.containsKey(entry.getKey());
            if (gone) {
                journal.forget(entry.getKey());
            }
            return gone;
        });
    }
}
