/** The nodes that the Seed knows, their links, and the replacement of their processes. */
@NullMarked
package com.espra.protoplex.seed.nodes;

import org.jspecify.annotations.NullMarked;
