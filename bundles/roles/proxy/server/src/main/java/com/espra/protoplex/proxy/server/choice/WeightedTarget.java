package com.espra.protoplex.proxy.server.choice;

/**
 * A target in a pool.
 *
 * @param weight its share: 1 to 1000
 */
public record WeightedTarget(TargetState state, int weight) {}
