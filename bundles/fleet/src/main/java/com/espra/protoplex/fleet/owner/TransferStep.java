package com.espra.protoplex.fleet.owner;

/** What an event does to slots on their way. */
public enum TransferStep {
    /** Nothing. */
    STAY,
    /** To {@link TransferPhase#SWITCH}. */
    TO_SWITCH,
    /** To {@link TransferPhase#DRAIN}. */
    TO_DRAIN,
    /** To {@link TransferPhase#RECOVER}. */
    TO_RECOVER,
    /** It ends: the new one owns. */
    NEW_OWNS,
    /** It ends: the old one owns, as before. */
    OLD_KEEPS,
    /** It ends: nobody owns, and another is to be found. */
    NOBODY_OWNS
}
