/** Calls of other nodes: which node, over which connection, with what left of the deadline. */
@NullMarked
package com.espra.protoplex.calls.send;

import org.jspecify.annotations.NullMarked;
