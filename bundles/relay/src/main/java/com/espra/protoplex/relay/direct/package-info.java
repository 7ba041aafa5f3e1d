/** The director that decides now, and what is told to it of each target. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.relay.direct;
