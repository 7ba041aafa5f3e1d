package com.espra.protoplex.live.core.log;

/**
 * A time under one owner.
 *
 * @param epoch of the owner
 * @param first the offset of the first update that came under it, or would have
 */
public record Term(long epoch, long first) {}
