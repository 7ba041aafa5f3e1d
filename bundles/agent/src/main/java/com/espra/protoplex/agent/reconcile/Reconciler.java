package com.espra.protoplex.agent.reconcile;

import com.espra.protoplex.agent.reconcile.Ended.Kind;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a node runs to what it should run. Of each unit at most one move is under way; when it ends, the newest desire decides what
 * comes next. Only a desired state takes a unit away: silence never does.
 *
 * <p>Threads: safe from any. Moves are begun under one lock, which is why none may block; what they end with comes in on the executor.
 */
public final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private static final String GONE = WantedBuilds.GONE;

    private final Moves moves;
    private final StateJournal journal;
    private final Uplink uplink;
    private final Executor executor;
    private final Executor endOfTrial;
    private final WantedBuilds wanted;

    private State state;
    private final Map<String, Move> moving = new HashMap<>();
    /** How the last move of a unit ended, so that it can be told again, and is not made again when it failed. */
    private final Map<String, Answer> answers = new TreeMap<>();

    private record Move(long sequence, String digest) {}

    private record Answer(long sequence, String digest, Ended ended) {}

    /**
     * Reads what was saved last, and refuses what ended the process before.
     *
     * @param endOfTrial runs what it is given when a build that serves has stayed up for long enough
     * @param lastEnd what is known of the end of the process before: empty, unless it was its own doing
     * @param configuredRoles the roles of this node, unless an operator changed them at the Seed
     */
    public Reconciler(
            Moves moves,
            StateJournal journal,
            Uplink uplink,
            Executor executor,
            Executor endOfTrial,
            String lastEnd,
            Set<String> configuredRoles) {
        this.moves = moves;
        this.journal = journal;
        this.uplink = uplink;
        this.executor = executor;
        this.endOfTrial = endOfTrial;
        this.wanted = new WantedBuilds(moves, configuredRoles);
        this.state = journal.load();
        State recovered = state.recovered(lastEnd);
        if (!recovered.equals(state)) {
            save(recovered, "a build that ended it may be tried once more");
            state = recovered;
        }
        state.refused().forEach((unit, refusal) -> {
            LOG.error("{}: {} (build {})", unit, refusal.reason(), refusal.digest());
            answers.put(unit, new Answer(state.sequence(), refusal.digest(), refusal.ended()));
        });
    }

    /**
     * One of the node's children ended by its own doing, and another takes its place. What came to serve a moment ago may be to blame:
     * the second time it is refused, and what served before serves again.
     *
     * @param end how it ended, for people
     */
    public synchronized void crashed(String end) {
        state.attempts().forEach((unit, attempt) -> {
            if (!attempt.served() || moving.containsKey(unit)) {
                return;
            }
            if (attempt.ends() == 0) {
                state = state.ended(unit);
                save(state, "a build that ends children is tried for longer");
            } else {
                goBack(unit, end);
            }
        });
    }

    private void goBack(String unit, String end) {
        State changed = state.refuse(unit, end);
        save(changed, "the build is tried again after a restart");
        state = changed;
        State.Refusal refusal = Objects.requireNonNull(state.refused().get(unit), "it was refused just now");
        LOG.error("{}: {} (build {})", unit, refusal.reason(), refusal.digest());
        answer(unit, new Answer(state.sequence(), refusal.digest(), refusal.ended()));
        State.Kept kept = state.units().get(unit);
        // The answer stays the one that was given, whatever comes of this.
        moving.put(unit, new Move(state.sequence(), refusal.digest()));
        var _ = back(unit, kept).exceptionally(Reconciler::unexpected).thenAcceptAsync(ended -> isBack(unit), executor);
    }

    private synchronized void isBack(String unit) {
        moving.remove(unit);
        uplink.changed();
        settle(unit);
    }

    /** Builds that are desired and not tried again, for they ended this node: unit to reason. */
    public synchronized Map<String, String> refused() {
        Map<String, String> refused = new TreeMap<>();
        state.refused().forEach((unit, refusal) -> refused.put(unit, refusal.reason()));
        return refused;
    }

    /** This process stops in order: what is on trial is not to blame for it. */
    public synchronized void stop() {
        if (!state.attempts().isEmpty()) {
            state = state.stopped();
            save(state, "what is on trial may be refused at the next start");
        }
    }

    private void save(State changed, String otherwise) {
        try {
            journal.save(changed);
        } catch (IOException e) {
            LOG.error("the node's state cannot be saved: {}. Free space on its disk; {}", e.getMessage(), otherwise);
        }
    }

    /** See {@link Moves.TrialMark#set}. */
    private synchronized boolean mark(String unit, String digest) throws IOException {
        if (state.isProved(unit, digest)) {
            return true;
        }
        State changed = state.tries(unit, digest);
        journal.save(changed);
        state = changed;
        return false;
    }

    private synchronized void unmark(String unit, String digest) {
        State changed = state.tried(unit, digest);
        if (!changed.equals(state)) {
            state = changed;
            save(changed, "if this process is killed, the build is refused");
        }
    }

    /** The newest desired state that was accepted; 0 when none was. */
    public synchronized long sequence() {
        return state.sequence();
    }

    /** The newest desired state that was accepted, as it came. */
    public synchronized LinkFrame.Desired accepted() {
        return state.accepted();
    }

    /** The builds that must stay in the store: what serves, served, or is to serve. */
    public synchronized Set<String> kept() {
        Set<String> kept = new LinkedHashSet<>(state.digests());
        moving.values().forEach(move -> kept.add(move.digest));
        kept.remove(GONE);
        return kept;
    }

    /** How the moves that the Seed asked for have ended, as far as they still matter. */
    public synchronized List<LinkFrame.Result> results() {
        return answers.entrySet().stream()
                .map(entry -> result(entry.getKey(), entry.getValue()))
                .toList();
    }

    /**
     * Brings up what served last, all units at once and without the network. A unit whose good build does not come up gets the one before
     * it, until the Seed says otherwise; and a role of this node of which no build has served yet, that of the distribution.
     *
     * @return completes with what did not come up, and why, when every unit has been tried
     */
    public CompletableFuture<Map<String, String>> restore() {
        Map<String, List<String>> builds;
        synchronized (this) {
            builds = wanted.atStart(state);
        }
        Map<String, String> failed = new TreeMap<>();
        CompletableFuture<?>[] all = builds.entrySet().stream()
                .map(entry -> restore(entry.getKey(), entry.getValue().iterator(), failed))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).thenApply(done -> {
            synchronized (failed) {
                return Map.copyOf(failed);
            }
        });
    }

    private CompletableFuture<Ended> restore(String unit, Iterator<String> builds, Map<String, String> failed) {
        String digest = builds.next();
        return moves.restore(unit, digest)
                .thenComposeAsync(
                        ended -> {
                            if (ended.kind() == Kind.DONE) {
                                endOfTrial.execute(() -> unmark(unit, digest));
                                return CompletableFuture.completedFuture(ended);
                            }
                            synchronized (failed) {
                                failed.putIfAbsent(unit, ended.reason());
                            }
                            return builds.hasNext()
                                    ? restore(unit, builds, failed)
                                    : CompletableFuture.completedFuture(ended);
                        },
                        executor);
    }

    /**
     * Takes a desired state, and moves to it.
     *
     * @throws IOException if it is another fleet's, or cannot be saved: then it is not accepted, and should be told again
     */
    public synchronized void desire(LinkFrame.Desired desired) throws IOException {
        if (!state.fleet().isEmpty() && !state.fleet().equals(desired.fleet())) {
            throw new IOException("it is the Seed of fleet '" + desired.fleet() + "', and this node belongs to "
                    + state.fleet() + ": mend seed.address, or delete data/agent to let this node join that fleet");
        }
        boolean again =
                desired.sequence() == state.sequence() && desired.units().equals(state.desired());
        if (!again && desired.sequence() <= state.sequence()) {
            LOG.warn(
                    "refused desired state {}: this node has accepted {} already. A Seed that has lost its state must go on above that number",
                    desired.sequence(),
                    state.sequence());
            uplink.changed();
            return;
        }
        if (!again || !desired.seal().equals(state.seal())) {
            accept(desired);
        }
        answers.values().removeIf(answer -> answer.ended.kind() == Kind.LATER);
        Set<String> units = new TreeSet<>(state.desired().keySet());
        units.addAll(state.units().keySet());
        units.addAll(moving.keySet());
        units.addAll(wanted.shipped(state));
        answers.keySet().retainAll(units);
        units.forEach(this::settle);
        uplink.changed();
    }

    private void accept(LinkFrame.Desired desired) throws IOException {
        State accepted = state.accept(desired);
        try {
            journal.save(accepted);
        } catch (IOException e) {
            Ended refused =
                    Ended.failed("the node's state cannot be saved: " + e.getMessage() + ". Free space on its disk");
            desired.units().forEach((unit, digest) -> {
                if (!digest.equals(live(unit))) {
                    uplink.result(result(unit, new Answer(desired.sequence(), digest, refused)));
                }
            });
            throw e;
        }
        state = accepted;
    }

    /** Begins what the unit needs to become what it should be, unless something is under way. */
    private void settle(String unit) {
        String target = wanted.of(state, unit);
        Move move = moving.get(unit);
        if (move != null) {
            if (!move.digest.equals(target)) {
                moves.cancel(unit);
            }
            return;
        }
        Answer last = answers.get(unit);
        if (isReached(unit, target)) {
            Duration flip = last != null && last.digest.equals(target) ? last.ended.flip() : Duration.ZERO;
            answer(unit, new Answer(state.sequence(), target, Ended.done(flip)));
        } else if (last != null && last.digest.equals(target) && last.ended.isFinal()) {
            answer(unit, new Answer(state.sequence(), target, last.ended));
        } else {
            begin(unit, target);
        }
    }

    private boolean isReached(String unit, String target) {
        State.Kept kept = state.units().get(unit);
        String good = kept == null ? GONE : kept.good();
        return target.equals(live(unit)) && wanted.recorded(unit, target).equals(good);
    }

    private void begin(String unit, String target) {
        moving.put(unit, new Move(state.sequence(), target));
        CompletableFuture<Ended> end;
        if (target.equals(GONE)) {
            end = moves.remove(unit);
        } else if (wanted.isShipped(unit, target)) {
            end = moves.restore(unit, target);
        } else {
            end = moves.move(unit, target, () -> mark(unit, target));
        }
        var _ = end.exceptionally(Reconciler::unexpected)
                .thenComposeAsync(ended -> save(unit, target, ended), executor)
                .thenAccept(ended -> ended(unit, target, ended));
    }

    /** Only a build that is on record as good may be told as done. */
    private synchronized CompletableFuture<Ended> save(String unit, String target, Ended ended) {
        if (ended.kind() != Kind.DONE) {
            unmark(unit, target);
            return CompletableFuture.completedFuture(ended);
        }
        boolean gone = wanted.recorded(unit, target).equals(GONE);
        State changed = gone ? state.removed(unit) : state.served(unit, target);
        try {
            journal.save(changed);
            state = changed;
            endOfTrial.execute(() -> unmark(unit, target));
            return CompletableFuture.completedFuture(ended);
        } catch (IOException e) {
            Ended failed = Ended.later("the node's state cannot be saved: " + e.getMessage()
                    + ". Free space on its disk. The build that served before serves again");
            State.Kept kept = state.units().get(unit);
            return back(unit, kept).handle((undone, broken) -> failed);
        }
    }

    /** To what served before, as far as that is on record. */
    private CompletableFuture<Ended> back(String unit, State.@Nullable Kept kept) {
        Optional<String> build = kept == null ? wanted.shipped(state, unit) : Optional.of(kept.good());
        return build.map(digest -> moves.restore(unit, digest)).orElseGet(() -> moves.remove(unit));
    }

    private synchronized void ended(String unit, String target, Ended ended) {
        Move move = Objects.requireNonNull(moving.remove(unit), "a move that ended");
        boolean isWanted = wanted.of(state, unit).equals(target);
        answer(unit, new Answer(isWanted ? state.sequence() : move.sequence, target, ended));
        uplink.changed();
        if (!isWanted || ended.kind() == Kind.CANCELLED) {
            settle(unit);
        }
    }

    private static Ended unexpected(Throwable cause) {
        LOG.error("a move broke off", cause);
        return Ended.failed("the node broke off: " + cause + ". Its log says where");
    }

    private void answer(String unit, Answer answer) {
        answers.put(unit, answer);
        uplink.result(result(unit, answer));
    }

    private String live(String unit) {
        return moves.live(unit).orElse(GONE);
    }

    private LinkFrame.Result result(String unit, Answer answer) {
        Ended ended = answer.ended;
        return new LinkFrame.Result(
                answer.sequence,
                unit,
                wanted.recorded(unit, answer.digest),
                ended.kind() == Kind.DONE,
                ended.reason(),
                ended.flip().toNanos() / 1000,
                ended.kind() == Kind.FATAL);
    }
}
