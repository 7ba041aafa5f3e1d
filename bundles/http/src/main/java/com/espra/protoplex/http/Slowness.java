package com.espra.protoplex.http;

/** How long something has waited for a client, and how much came of it. For one thread, which looks once a second. */
final class Slowness {

    private long seconds;

    /**
     * Takes a look.
     *
     * @param waiting whether it waits for the client now
     * @param bytes what the client has sent or taken up to now
     * @param limits what it must reach over the time that was spent waiting
     * @return whether the client is too slow
     */
    boolean look(boolean waiting, long bytes, Limits limits) {
        if (!waiting || limits.minBytesPerSecond() == 0) {
            return false;
        }
        seconds++;
        long counted = seconds - limits.grace().toSeconds();
        return counted > 0 && bytes < counted * limits.minBytesPerSecond();
    }
}
