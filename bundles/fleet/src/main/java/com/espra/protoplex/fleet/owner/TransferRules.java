package com.espra.protoplex.fleet.owner;

/**
 * What each event does in each phase: docs/decisions/0186-a-change-of-owner-is-a-table.md. The compiler sees to it that no cell is missing.
 * The new one owns by one way alone: out of {@link TransferPhase#RECOVER}, where nobody does.
 */
public final class TransferRules {

    private TransferRules() {}

    /** What the event does. */
    public static TransferStep step(TransferPhase phase, TransferEvent event) {
        return switch (phase) {
            case PREPARE ->
                switch (event) {
                    case NEW_GONE -> TransferStep.OLD_KEEPS;
                    case OLD_GONE, RELEASED -> TransferStep.TO_RECOVER;
                    case READY -> TransferStep.TO_SWITCH;
                    case ALL_KNOW -> TransferStep.STAY;
                };
            case SWITCH ->
                switch (event) {
                    case NEW_GONE -> TransferStep.OLD_KEEPS;
                    case OLD_GONE, RELEASED -> TransferStep.TO_RECOVER;
                    case READY -> TransferStep.STAY;
                    case ALL_KNOW -> TransferStep.TO_DRAIN;
                };
            case DRAIN ->
                switch (event) {
                    // The old one may have let go of some already: it ends that first.
                    case NEW_GONE, READY, ALL_KNOW -> TransferStep.STAY;
                    case OLD_GONE, RELEASED -> TransferStep.TO_RECOVER;
                };
            case RECOVER ->
                switch (event) {
                    case NEW_GONE -> TransferStep.NOBODY_OWNS;
                    case OLD_GONE, RELEASED, ALL_KNOW -> TransferStep.STAY;
                    case READY -> TransferStep.NEW_OWNS;
                };
        };
    }
}
