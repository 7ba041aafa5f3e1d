/** What became of the requests of a node's units, as its Seed needs it to compare a build with the one before. */
@NullMarked
package com.espra.protoplex.agent.traffic;

import org.jspecify.annotations.NullMarked;
