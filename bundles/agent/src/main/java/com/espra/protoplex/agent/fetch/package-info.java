/** Builds from the Seed into this node's store, and nothing of them used before it is proved. */
@NullMarked
package com.espra.protoplex.agent.fetch;

import org.jspecify.annotations.NullMarked;
