/** How nodes are to serve, whatever they run: cordoned, drained, in maintenance, forgotten. */
@NullMarked
package com.espra.protoplex.seed.standing;

import org.jspecify.annotations.NullMarked;
