/** Who changed what, from where, and how it ended. */
@NullMarked
package com.espra.protoplex.seed.audit;

import org.jspecify.annotations.NullMarked;
