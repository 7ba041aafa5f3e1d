package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A release that is not decided on yet, and the children that decide. */
final class Trial implements Operation {

    final Release release;
    final Set<String> voters = new LinkedHashSet<>();

    private final CompletableFuture<Outcome> result;
    private final Map<String, Outcome> votes = new LinkedHashMap<>();
    private final List<String> ended = new ArrayList<>();
    /** Who tries a build that was not proved on this node: the others wait. */
    private @Nullable String pioneer;

    private int mostEnds;
    private @Nullable Outcome rejection;
    private Runnable alarm = () -> {};
    private boolean waits;
    private boolean late;
    private boolean orphaned;

    Trial(Release release, CompletableFuture<Outcome> result) {
        this.release = release;
        this.result = result;
    }

    @Override
    public CompletableFuture<Outcome> result() {
        return result;
    }

    /** Those who are there at its begin; all of them may end for reasons of their own, but not one more. */
    void begin(Set<String> members) {
        voters.addAll(members);
        mostEnds = Math.max(1, members.size());
        orphaned = members.isEmpty();
    }

    /**
     * Whether somebody else is to try it first: a build that ends whoever runs it ends one child, and no more.
     *
     * @param serves whether a child answers requests
     */
    boolean holdsBack(String member, Predicate<String> serves) {
        if (release.proved() || isServed()) {
            return false;
        }
        if (pioneer == null || !voters.contains(pioneer)) {
            // Who stands by is to replace the one that the build may end: it is not the first, unless nobody serves
            // yet.
            pioneer = voters.stream()
                    .filter(serves)
                    .findFirst()
                    .orElseGet(() -> voters.iterator().next());
        }
        return !member.equals(pioneer);
    }

    private boolean isServed() {
        return votes.values().stream().anyMatch(Outcome::done);
    }

    boolean isOpen() {
        return rejection == null;
    }

    Optional<Outcome> rejection() {
        return Optional.ofNullable(rejection);
    }

    void reject(Outcome outcome) {
        rejection = outcome;
        alarm.run();
    }

    boolean waitsFor(String member) {
        return isOpen() && voters.contains(member) && !votes.containsKey(member);
    }

    /** Whether it has voted, and stays where it is until it is decided. */
    boolean hasVoteOf(String member) {
        return isOpen() && votes.containsKey(member);
    }

    void join(String member) {
        voters.add(member);
    }

    void vote(String member, Outcome outcome) {
        votes.put(member, outcome);
    }

    /** @param swapping whether it was on its way to this release */
    void leave(String member, boolean swapping) {
        voters.remove(member);
        Outcome vote = votes.remove(member);
        boolean served = vote != null && vote.done() && !release.proved();
        if (swapping || served) {
            ended.add(member);
        } else {
            orphaned |= voters.isEmpty();
        }
    }

    /**
     * Whether nobody is left who has what served before, and it was not this release that ended the last one. Then what served may be what
     * ends them, and a child that got it first would not live to try this one: a roll-back would have to wait for children that do not come.
     */
    boolean isOrphaned() {
        return orphaned;
    }

    /** Nobody is there who could vote: from the first such moment on time runs, and it does not run anew when somebody comes and goes. */
    void await(Surroundings.Alarm clock, Duration patience, Runnable call) {
        if (!waits) {
            waits = true;
            alarm = clock.after(patience, call);
        }
    }

    /** The time is over: whoever votes now may still do so, but nobody is waited for any more. */
    void tooLate() {
        late = true;
    }

    /** What the votes come to; empty while somebody has not voted, or nobody is there to vote. */
    Optional<Outcome> decision() {
        boolean lone = !release.proved() && !isServed();
        if (ended.size() > (lone ? 0 : mostEnds)) {
            return Optional.of(new Outcome(
                    false,
                    Step.START,
                    "children end while they swap to it: " + String.join(", ", ended)
                            + ". Their crash reports say why (node:crashes)",
                    Duration.ZERO));
        }
        if (voters.isEmpty() && late) {
            return Optional.of(new Outcome(
                    false,
                    Step.PREFLIGHT,
                    "no child of this node has taken it in time: node:children says how they are",
                    Duration.ZERO));
        }
        List<Map.Entry<String, Outcome>> refusals = votes.entrySet().stream()
                .filter(vote -> !vote.getValue().done())
                .toList();
        boolean refusedFirst = lone && !refusals.isEmpty();
        if (voters.isEmpty() || (votes.size() < voters.size() && !refusedFirst)) {
            return Optional.empty();
        }
        return Optional.of(refusals.isEmpty() ? accepted() : refused(refusals));
    }

    private Outcome accepted() {
        return votes.values().stream()
                .max(Comparator.comparing(Outcome::flip))
                .map(slowest -> new Outcome(true, slowest.failedAt(), "", slowest.flip()))
                .orElseThrow();
    }

    /** The child is named, unless all say no. */
    private Outcome refused(List<Map.Entry<String, Outcome>> refusals) {
        Map.Entry<String, Outcome> first = refusals.getFirst();
        String who = refusals.size() == votes.size() ? "" : first.getKey() + ": ";
        return new Outcome(
                false, first.getValue().failedAt(), who + first.getValue().reason(), Duration.ZERO);
    }
}
