package com.espra.protoplex.http.limits;

/** How long something has waited for a client, and how much came of it. For one thread, which looks once a second. */
public final class MinimumRate {

    private long seconds;

    /**
     * Takes a look, while it waits for the client.
     *
     * @param bytes what the client has sent or taken up to now
     * @param limits what it must reach over the time that was spent waiting
     * @return whether the client is too slow
     */
    public boolean look(long bytes, Limits limits) {
        seconds++;
        long counted = seconds - limits.grace().toSeconds();
        return counted > 0 && bytes < counted * limits.minBytesPerSecond();
    }
}
