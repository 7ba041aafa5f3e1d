package com.espra.protoplex.http.limits;

/** Something that the process has so much of and no more. */
interface WatchedResource extends AutoCloseable {

    /** What it is, for the log. */
    String name();

    /** How much of it is used: 0 to 1. */
    double used();

    /** What an operator can do. */
    String advice();

    @Override
    default void close() {}
}
