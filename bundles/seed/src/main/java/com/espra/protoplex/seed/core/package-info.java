/**
 * What should run where, and how the fleet gets there: no sockets and no clock of its own.
 *
 * <p>Threads: only that of {@link FleetLoop} changes anything. What may be read from any says so.
 */
@NullMarked
package com.espra.protoplex.seed.core;

import org.jspecify.annotations.NullMarked;
