package com.espra.protoplex.seed.enrol;

import java.time.Instant;

/**
 * A key whose certificates are refused.
 *
 * @param key its digest
 * @param node whose it was
 * @param at when it was revoked
 * @param by by whom
 * @param until from when on no certificate of it can be renewed any more, so that it need not be remembered
 */
public record RevokedKey(String key, String node, Instant at, String by, Instant until) {}
