package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.parent.coordinate.Operation.Removal;
import com.espra.protoplex.parent.coordinate.SwapMember.Answer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A unit of the node. What serves is <em>decided</em>: every child is brought to it, whenever it comes. A new release is tried by one
 * child first, then by the others that are there; when all of them have flipped it is decided on, and when one refuses, those that have flipped go back.
 * All that holds of the children that the release is placed in; the others have nothing of the unit.
 *
 * <p>One swap or removal is under way at a time. All runs on the executor.
 */
final class NodeUnit {

    private static final Logger LOG = LoggerFactory.getLogger(NodeUnit.class);

    private static final int MOST_WAITING = 64;

    /** How long a child may take to start, on top of what the release may take. */
    static final Duration CHILD_START = Duration.ofSeconds(60);

    private static final Outcome SERVES_ALREADY = new Outcome(true, Step.FLIP, "", Duration.ZERO);

    private final String name;
    private final Surroundings surroundings;
    private final NodeJournal journal;
    private final Colleagues colleagues;
    private final NodeGenerations generations;
    private final NodeSteps steps;
    private final Map<String, MemberProgress> positions = new LinkedHashMap<>();
    private final Deque<Operation> waiting = new ArrayDeque<>();
    private @Nullable Operation current;
    private @Nullable Release decided;
    /** Whose steps are the node's: those who voted in the last trial. */
    private Set<String> tellers = new LinkedHashSet<>();

    /** All children of the node, beyond this unit. */
    interface Colleagues {

        /** Whether a child answers requests; one that does not is new, or stands by. */
        boolean serves(String member);

        /** A child cannot be counted on any more. */
        void lost(SwapMember member, String reason);

        /** A child has told what it has of this unit. */
        void seen(SwapMember member, String unit, List<UnitStatus> status);
    }

    NodeUnit(String name, Surroundings surroundings, NodeJournal journal, Colleagues colleagues) {
        this.name = name;
        this.surroundings = surroundings;
        this.journal = journal;
        this.colleagues = colleagues;
        this.generations = new NodeGenerations(name);
        this.steps = new NodeSteps(this::tellers, generations::ofVersion, event -> {
            journal.add(event);
            surroundings.listeners().accept(event);
        });
    }

    /** Whether there is nothing to remember. */
    boolean isGone() {
        return decided == null
                && current == null
                && waiting.isEmpty()
                && positions.values().stream().allMatch(position -> position.isSettled(MemberProgress.NOTHING));
    }

    void swap(Release release, CompletableFuture<Outcome> result) {
        enqueue(new Trial(release, result), Step.PREFLIGHT);
    }

    void remove(CompletableFuture<Outcome> result) {
        enqueue(new Removal(result), Step.REMOVE);
    }

    private void enqueue(Operation operation, Step step) {
        if (waiting.size() >= MOST_WAITING) {
            operation
                    .result()
                    .complete(new Outcome(
                            false,
                            step,
                            MOST_WAITING + " calls for " + name + " are waiting already; try again later",
                            Duration.ZERO));
            return;
        }
        waiting.add(operation);
        settle();
    }

    /** A child has come, and has nothing of this unit. */
    void join(SwapMember member) {
        MemberProgress position = new MemberProgress(member);
        positions.put(member.id(), position);
        if (current instanceof Trial trial
                && trial.isOpen()
                && position.takes(trial.release)
                && (decided == null || trial.voters.isEmpty() || trial.isOrphaned())) {
            trial.join(member.id());
            tellers.add(member.id());
        }
        drive(position);
        settle();
    }

    /** A child has gone, and what it has said with it. */
    void leave(String member) {
        MemberProgress position = positions.remove(member);
        if (position == null) {
            return;
        }
        if (current instanceof Trial trial) {
            trial.leave(member, trial.release.digest().equals(position.calling));
        }
        tellers.remove(member);
        steps.left((version, step) -> new SwapEvent(
                surroundings.clock().instant(), name, version, "node", step, State.DONE, "", Duration.ZERO));
        settle();
        if (current instanceof Trial trial && trial.isOpen()) {
            if (trial.voters.isEmpty()) {
                inherit(trial);
            }
            // Others may have waited for it to try first.
            driveAll();
            settle();
        }
    }

    /** All who voted are gone, and that decides nothing: those who came late, and are there, vote in their place. */
    private void inherit(Trial trial) {
        positions.values().stream()
                .filter(position -> position.takes(trial.release))
                .map(position -> position.member.id())
                .forEach(member -> {
                    trial.join(member);
                    tellers.add(member);
                });
    }

    /** A child tells of a step. */
    void hear(String member, SwapEvent event) {
        steps.hear(member, event);
    }

    private Set<String> tellers(String version) {
        return tellers.stream()
                .filter(member -> {
                    MemberProgress position = positions.get(member);
                    return position != null && position.versions.contains(version);
                })
                .collect(Collectors.toSet());
    }

    /** Whether a child has all that it should have of this unit, or has refused it. */
    boolean isSettled(String member) {
        MemberProgress position = positions.get(member);
        boolean votes = current instanceof Trial trial && trial.waitsFor(member);
        return position == null || (!votes && position.isSettled(due(position)));
    }

    /** Whether anything of it is, or is to be, in the one process. */
    boolean isInOne() {
        return isOne(decided)
                || (current instanceof Trial trial && isOne(trial.release))
                || waiting.stream().anyMatch(next -> next instanceof Trial trial && isOne(trial.release))
                || positions.values().stream()
                        .anyMatch(position -> position.member.placement() == Release.Placement.ONE
                                && !position.isSettled(MemberProgress.NOTHING));
    }

    private static boolean isOne(@Nullable Release release) {
        return release != null && release.placement() == Release.Placement.ONE;
    }

    Optional<UnitStatus> status(Collection<UnitStatus> children) {
        Set<String> wanted = new HashSet<>(Set.of(digest(decided)));
        if (current instanceof Trial trial) {
            wanted.add(trial.release.digest());
        }
        return generations.merge(children, digest(decided), wanted);
    }

    /** The digest of what a child should serve, as it is decided. */
    private String due(MemberProgress position) {
        return digest(position.own(decided));
    }

    private static String digest(@Nullable Release release) {
        return release == null ? MemberProgress.NOTHING : release.digest();
    }

    /** Asks of a child what is next for it, if anything is, and nothing is asked of it already. */
    private void drive(MemberProgress position) {
        boolean voted = current instanceof Trial trial && trial.hasVoteOf(position.member.id());
        if (position.calling != null || voted) {
            return;
        }
        if (current instanceof Trial trial
                && trial.waitsFor(position.member.id())
                && position.at.equals(trial.release.digest())) {
            voted(trial, position, SERVES_ALREADY);
            return;
        }
        Release target = target(position);
        String wanted = digest(target);
        if (position.isSettled(wanted)) {
            return;
        }
        position.calling = wanted;
        CompletableFuture<Answer> answer;
        if (target == null) {
            answer = position.member.remove(name);
        } else {
            position.versions.add(target.version());
            answer = position.member.swap(target);
        }
        var _ = answer.whenComplete(
                (given, failure) -> surroundings.executor().execute(() -> answered(position, wanted, given, failure)));
    }

    private @Nullable Release target(MemberProgress position) {
        if (current instanceof Trial trial && trial.waitsFor(position.member.id())) {
            // Who came late first gets what serves: it must have something to go back to.
            Release before = position.own(decided);
            boolean late = before != null
                    && !trial.isOrphaned()
                    && position.at.isEmpty()
                    && !position.refused.contains(digest(before));
            return late || trial.holdsBack(position.member.id(), colleagues::serves) ? before : trial.release;
        }
        return position.own(decided);
    }

    private void answered(
            MemberProgress position, String wanted, @Nullable Answer answer, @Nullable Throwable failure) {
        if (positions.get(position.member.id()) != position) {
            return;
        }
        if (answer == null) {
            colleagues.lost(position.member, "it did not answer: " + reason(failure));
            return;
        }
        position.calling = null;
        colleagues.seen(position.member, name, answer.units());
        Outcome outcome = answer.outcome();
        if (outcome.done() || wanted.isEmpty()) {
            position.at = wanted;
            position.refused.remove(wanted);
        } else {
            position.refused.add(wanted);
        }
        if (wanted.isEmpty()) {
            position.versions.clear();
        }
        switch (current) {
            case Trial trial
            when wanted.equals(trial.release.digest()) && trial.waitsFor(position.member.id()) ->
                voted(trial, position, outcome);
            case Removal removal
            when wanted.isEmpty() && !outcome.done() ->
                removal.reasons().add(position.member.id() + ": " + outcome.reason());
            case null, default -> {
                if (!outcome.done()) {
                    LOG.error(
                            "{}: child {} has no {}, and serves without it: {}",
                            name,
                            position.member.id(),
                            wanted.isEmpty() ? "removal" : wanted,
                            outcome.reason());
                }
            }
        }
        drive(position);
        settle();
    }

    private void voted(Trial trial, MemberProgress position, Outcome outcome) {
        trial.vote(position.member.id(), outcome);
        // Those that it was tried for.
        driveAll();
    }

    private static String reason(@Nullable Throwable failure) {
        return failure == null || failure.getMessage() == null ? String.valueOf(failure) : failure.getMessage();
    }

    /** Looks whether what is under way has come to its end, and begins what is next. */
    private void settle() {
        boolean more = true;
        while (more) {
            more = switch (current) {
                case Trial trial -> settle(trial);
                case Removal removal -> settle(removal);
                case null -> begin(waiting.poll());
            };
        }
    }

    /** Whether there was anything to begin. */
    private boolean begin(@Nullable Operation next) {
        switch (next) {
            case Trial trial -> begin(trial);
            case Removal removal -> begin(removal);
            case null -> {
                return false;
            }
        }
        return true;
    }

    private void begin(Trial trial) {
        String digest = trial.release.digest();
        if (digest.equals(digest(decided))
                && positions.values().stream().allMatch(position -> position.at.equals(due(position)))) {
            trial.result().complete(SERVES_ALREADY);
            return;
        }
        current = trial;
        trial.begin(positions.values().stream()
                .filter(position -> position.takes(trial.release))
                .map(position -> position.member.id())
                .collect(Collectors.toCollection(LinkedHashSet::new)));
        tellers = new LinkedHashSet<>(trial.voters);
        generations.add(digest, trial.release.version());
        journal.begin(surroundings.clock().instant(), name, version(decided), trial.release.version());
        steps.begin(true);
        for (MemberProgress position : positions.values()) {
            position.refused.retainAll(Set.of(digest(decided)));
            position.refused.remove(digest);
            // Who is on its way to something else, such as out of a unit that moves, may not stay there.
            if (position.at.equals(digest) && position.calling == null && position.takes(trial.release)) {
                trial.vote(position.member.id(), SERVES_ALREADY);
            }
        }
        driveAll();
    }

    private static String version(@Nullable Release release) {
        return release == null ? "" : release.version();
    }

    private void driveAll() {
        List.copyOf(positions.values()).forEach(this::drive);
    }

    /** Whether it has ended. */
    private boolean settle(Trial trial) {
        Outcome decision = trial.isOpen() ? trial.decision().orElse(null) : null;
        if (decision != null && decision.done()) {
            decided = trial.release;
            steps.accepted();
            end(trial, decision);
            driveAll();
            return true;
        }
        if (decision != null) {
            reject(trial, decision);
        }
        if (trial.isOpen() && trial.voters.isEmpty()) {
            Duration patience = trial.release.ready().plus(CHILD_START);
            trial.await(
                    surroundings.alarm(),
                    patience,
                    () -> surroundings.executor().execute(() -> timeIsOver(trial)));
        }
        Outcome rejection = trial.rejection().orElse(null);
        if (rejection == null || !isBack(trial)) {
            return false;
        }
        end(trial, withStragglers(trial, rejection));
        return true;
    }

    private void reject(Trial trial, Outcome outcome) {
        trial.reject(outcome);
        steps.rejected();
        driveAll();
    }

    private void timeIsOver(Trial trial) {
        trial.tooLate();
        settle();
    }

    /** Whether all who have tried it are back at what is decided, or can never be. */
    private boolean isBack(Trial trial) {
        return trial.voters.stream()
                .map(positions::get)
                .allMatch(position -> position == null || position.isSettled(due(position)));
    }

    /** Who cannot go back is replaced: its successor is given what is decided. */
    private Outcome withStragglers(Trial trial, Outcome rejection) {
        List<String> notes = new ArrayList<>();
        for (String voter : trial.voters) {
            MemberProgress position = positions.get(voter);
            if (position != null && position.at.equals(trial.release.digest()) && !position.at.equals(due(position))) {
                notes.add(voter);
                surroundings
                        .executor()
                        .execute(() -> colleagues.lost(
                                position.member, "it cannot go back from " + trial.release.version() + " of " + name));
            }
        }
        return notes.isEmpty()
                ? rejection
                : new Outcome(
                        false,
                        rejection.failedAt(),
                        rejection.reason() + ". " + String.join(", ", notes)
                                + " could not go back to what served before, and is replaced",
                        rejection.flip());
    }

    private void begin(Removal removal) {
        current = removal;
        journal.begin(surroundings.clock().instant(), name, version(decided), "");
        steps.begin(false);
        decided = null;
        tellers = new LinkedHashSet<>(positions.keySet());
        driveAll();
    }

    /** Whether it has ended. */
    private boolean settle(Removal removal) {
        if (!positions.values().stream().allMatch(position -> position.isSettled(MemberProgress.NOTHING))) {
            return false;
        }
        boolean done = removal.reasons().isEmpty();
        end(removal, new Outcome(done, Step.REMOVE, String.join("; ", removal.reasons()), Duration.ZERO));
        return true;
    }

    private void end(Operation operation, Outcome outcome) {
        current = null;
        journal.end(name, outcome);
        operation.result().complete(outcome);
    }
}
