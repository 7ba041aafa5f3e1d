/** Rollouts as a thing of their own: waves, states, events and gates, without clocks, nodes or disks. */
@NullMarked
package com.espra.protoplex.seed.rollout;

import org.jspecify.annotations.NullMarked;
