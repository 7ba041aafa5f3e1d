package com.espra.protoplex.app.session;

import java.time.Duration;

/**
 * How much the sessions of one unit may take.
 *
 * @param sessions how many; beyond it those that went unused longest are dropped
 * @param bytesPerSession how large one may be, serialised; a larger one lives in its generation only
 * @param bytes how large all may be together, serialised
 * @param inactive how long one may go unused, unless the app says otherwise
 */
public record SessionLimits(int sessions, int bytesPerSession, long bytes, Duration inactive) {}
