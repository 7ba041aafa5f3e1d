/** One swap of a node out of the swaps of its children: what is decided, by whom, and what happens when some of them go. No sockets, no framework. */
@NullMarked
package com.espra.protoplex.parent.coordinate;

import org.jspecify.annotations.NullMarked;
