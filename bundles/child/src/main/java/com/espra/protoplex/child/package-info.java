/** A child's end of what it and its parent do together: taking swaps, opening listeners when told, telling what happens. */
@NullMarked
package com.espra.protoplex.child;

import org.jspecify.annotations.NullMarked;
