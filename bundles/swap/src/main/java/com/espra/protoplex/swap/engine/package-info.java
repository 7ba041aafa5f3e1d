/** The swap as a state machine. It knows no framework: what it needs of one is {@link Generations}. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.swap.engine;
