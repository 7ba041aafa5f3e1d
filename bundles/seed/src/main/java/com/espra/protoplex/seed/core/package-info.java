/** What should run where, and how the fleet gets there: no sockets, no threads, no clock of its own. */
@NullMarked
package com.espra.protoplex.seed.core;

import org.jspecify.annotations.NullMarked;
