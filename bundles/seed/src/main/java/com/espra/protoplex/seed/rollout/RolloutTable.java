package com.espra.protoplex.seed.rollout;

import com.espra.protoplex.seed.rollout.RolloutStep.Deed;
import com.espra.protoplex.seed.rollout.RolloutStep.No;
import com.espra.protoplex.seed.rollout.RolloutStep.Stay;
import com.espra.protoplex.seed.rollout.RolloutStep.To;

/**
 * What each event does in each state: docs/decisions/0140-a-rollout-is-a-table-of-states-and-events.md. The compiler sees to it that no cell
 * is missing. To give up, and to go back, is possible in each state that has not ended; and when it has, going back is a move of its own.
 */
public final class RolloutTable {

    private static final To BACK = new To(RolloutState.RETURNING, Deed.TURN_BACK);
    private static final To ON = new To(RolloutState.MOVING, Deed.NEXT_WAVE);
    private static final To PAUSED = new To(RolloutState.PAUSED, Deed.REMEMBER);
    private static final No NOT_PAUSED = new No("is not paused", "./protoplex rollout show ID says what it waits for");
    private static final Stay NOT_BACK = new Stay("nobody goes back");

    private RolloutTable() {}

    /** What the event does. */
    public static RolloutStep step(RolloutState state, RolloutEvent event) {
        return switch (state) {
            case MOVING -> moving(event);
            case BAKING -> baking(event);
            case HELD -> held(event);
            case PAUSED -> paused(event);
            case RETURNING -> returning(event);
            case DONE, REFUSED -> ended(event);
        };
    }

    private static RolloutStep moving(RolloutEvent event) {
        return switch (event) {
            case WAVE_SERVES -> new To(RolloutState.BAKING, Deed.WATCH);
            case ALL_SERVE -> new To(RolloutState.DONE, Deed.END);
            case NODE_REFUSED, GATE_FAILED, DEADLINE_PASSED, ABORT, ROLL_BACK -> BACK;
            case GATE_PASSED, GATE_UNDECIDED -> new Stay("the wave is not there yet");
            case ALL_RETURNED -> NOT_BACK;
            case PAUSE -> PAUSED;
            case RESUME -> NOT_PAUSED;
            case PROMOTE ->
                new No(
                        "has nodes that still move to the wave it is in",
                        "wait until they serve, or give it up: ./protoplex rollout abort ID");
        };
    }

    private static RolloutStep baking(RolloutEvent event) {
        return switch (event) {
            case WAVE_SERVES, ALL_SERVE -> new Stay("that is why it bakes");
            case NODE_REFUSED, GATE_FAILED, DEADLINE_PASSED, ABORT, ROLL_BACK -> BACK;
            case GATE_PASSED, PROMOTE -> ON;
            case GATE_UNDECIDED -> new To(RolloutState.HELD, Deed.REMEMBER);
            case ALL_RETURNED -> NOT_BACK;
            case PAUSE -> PAUSED;
            case RESUME -> NOT_PAUSED;
        };
    }

    private static RolloutStep held(RolloutEvent event) {
        return switch (event) {
            case WAVE_SERVES, ALL_SERVE -> new Stay("that is known");
            case NODE_REFUSED, GATE_FAILED, DEADLINE_PASSED, ABORT, ROLL_BACK -> BACK;
            // Late requests may say what was missing.
            case GATE_PASSED, PROMOTE -> ON;
            case GATE_UNDECIDED -> new Stay("that is why it is held");
            case ALL_RETURNED -> NOT_BACK;
            case PAUSE -> PAUSED;
            case RESUME ->
                new No(
                        "is held by its gate, and not paused",
                        "let it go on: ./protoplex rollout promote ID; or give it up: ./protoplex rollout abort ID");
        };
    }

    private static RolloutStep paused(RolloutEvent event) {
        return switch (event) {
            case WAVE_SERVES, ALL_SERVE, GATE_PASSED, GATE_UNDECIDED ->
                new Stay("it is looked at again when it goes on");
            case NODE_REFUSED, GATE_FAILED, DEADLINE_PASSED, ABORT, ROLL_BACK -> BACK;
            case ALL_RETURNED -> NOT_BACK;
            case PAUSE -> new No("is paused already", "let it go on: ./protoplex rollout resume ID");
            case RESUME -> new To(RolloutState.MOVING, Deed.REMEMBER);
            case PROMOTE -> new No("is paused", "let it go on first: ./protoplex rollout resume ID");
        };
    }

    private static RolloutStep returning(RolloutEvent event) {
        return switch (event) {
            case WAVE_SERVES, ALL_SERVE, GATE_PASSED, GATE_FAILED, GATE_UNDECIDED ->
                new Stay("what it says is of the build that goes");
            case NODE_REFUSED, DEADLINE_PASSED -> new Stay("it goes back already");
            case ALL_RETURNED -> new To(RolloutState.REFUSED, Deed.END);
            // It is not waited for any more.
            case ABORT -> new To(RolloutState.REFUSED, Deed.END);
            case ROLL_BACK -> new Stay("that is what it does");
            case PAUSE, RESUME, PROMOTE ->
                new No("goes back to what served before", "wait until it is back, then push again");
        };
    }

    private static RolloutStep ended(RolloutEvent event) {
        return switch (event) {
            case WAVE_SERVES,
                    ALL_SERVE,
                    NODE_REFUSED,
                    GATE_PASSED,
                    GATE_FAILED,
                    GATE_UNDECIDED,
                    DEADLINE_PASSED,
                    ALL_RETURNED -> new Stay("it has ended");
            case ROLL_BACK -> new To(RolloutState.MOVING, Deed.MOVE_BACK);
            case PAUSE, RESUME, PROMOTE, ABORT ->
                new No("has ended", "./protoplex rollback APP goes back to what served before");
        };
    }
}
