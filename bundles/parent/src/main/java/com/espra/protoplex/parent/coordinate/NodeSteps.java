package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The steps of a unit, told once for the node: begun when the first child begins, done when the last one is done, failed when one fails.
 * What children do that do not decide (they were late, or go back after a refusal) is no step of the node.
 */
final class NodeSteps {

    private static final int MOST_OPEN = 64;
    private static final int MOST_HELD = 1024;

    /** The children whose steps count for a version. */
    private final Function<String, Set<String>> tellers;
    /** The node's own name for the generation of a version. */
    private final Function<String, String> generations;

    private final Consumer<SwapEvent> told;

    private final Map<Key, Tally> open = new LinkedHashMap<>();
    /** What follows a flip, while it is not decided that there is one. */
    private final List<Heard> held = new ArrayList<>();

    private boolean undecided;
    private boolean muted;

    private record Key(String version, Step step) {}

    private record Heard(String member, SwapEvent event) {}

    private static final class Tally {
        private final Set<String> ended = new HashSet<>();
        private Duration longest = Duration.ZERO;
        private String detail = "";
        private boolean failed;
    }

    NodeSteps(Function<String, Set<String>> tellers, Function<String, String> generations, Consumer<SwapEvent> told) {
        this.tellers = tellers;
        this.generations = generations;
        this.told = told;
    }

    /** A trial begins, or a removal. */
    void begin(boolean trial) {
        muted = false;
        undecided = trial;
        held.clear();
        open.keySet().removeIf(key -> key.step().compareTo(Step.FLIP) <= 0);
    }

    /** It is decided that the new release serves. */
    void accepted() {
        undecided = false;
        List<Heard> now = List.copyOf(held);
        held.clear();
        now.forEach(heard -> hear(heard.member(), heard.event()));
    }

    /** It is decided that it does not: what children do to go back is no step of the node. */
    void rejected() {
        undecided = false;
        held.clear();
        muted = true;
    }

    void hear(String member, SwapEvent event) {
        if (muted || !tellers.apply(event.version()).contains(member)) {
            return;
        }
        if (undecided && event.step().compareTo(Step.FLIP) > 0) {
            if (held.size() < MOST_HELD) {
                held.add(new Heard(member, event));
            }
            return;
        }
        Key key = new Key(event.version(), event.step());
        switch (event.state()) {
            case BEGUN -> begun(key, event);
            case PROGRESS -> tell(event, State.PROGRESS, named(member, event.detail()), event.elapsed());
            case DONE, FAILED -> ended(key, member, event);
        }
    }

    private void begun(Key key, SwapEvent event) {
        if (!open.containsKey(key)) {
            tally(key);
            tell(event, State.BEGUN, event.detail(), Duration.ZERO);
        }
    }

    private Tally tally(Key key) {
        if (open.size() >= MOST_OPEN && !open.containsKey(key)) {
            open.remove(open.keySet().iterator().next());
        }
        return open.computeIfAbsent(key, missing -> new Tally());
    }

    private void ended(Key key, String member, SwapEvent event) {
        Tally tally = tally(key);
        tally.ended.add(member);
        if (event.elapsed().compareTo(tally.longest) > 0) {
            tally.longest = event.elapsed();
        }
        if (event.state() == State.FAILED) {
            tally.failed = true;
            tally.detail = named(member, event.detail());
        } else if (!tally.failed && !event.detail().isEmpty()) {
            tally.detail = event.detail();
        }
        boolean beforeFlip = key.step().compareTo(Step.FLIP) <= 0;
        if (beforeFlip && tally.failed) {
            close(key, tally, event);
            muted = true;
        } else {
            closeWhenAllEnded(key, tally, event);
        }
    }

    private void closeWhenAllEnded(Key key, Tally tally, SwapEvent event) {
        if (tally.ended.containsAll(tellers.apply(key.version()))) {
            close(key, tally, event);
        }
    }

    private void close(Key key, Tally tally, SwapEvent event) {
        open.remove(key);
        tell(event, tally.failed ? State.FAILED : State.DONE, tally.detail, tally.longest);
    }

    /** A child is gone: the others may have ended already. */
    void left(BiFunction<String, Step, SwapEvent> now) {
        List.copyOf(open.keySet()).forEach(key -> {
            Tally tally = open.get(key);
            if (tally != null && !tally.ended.isEmpty()) {
                closeWhenAllEnded(key, tally, now.apply(key.version(), key.step()));
            }
        });
    }

    private void tell(SwapEvent event, State state, String detail, Duration elapsed) {
        String generation = event.generation().isEmpty() ? "" : generations.apply(event.version());
        told.accept(new SwapEvent(
                event.time(), event.unit(), event.version(), generation, event.step(), state, detail, elapsed));
    }

    private static String named(String member, String detail) {
        return member + ": " + detail;
    }
}
