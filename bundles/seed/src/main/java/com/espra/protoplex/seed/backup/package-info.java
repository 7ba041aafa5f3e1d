/** All that a Seed keeps, in one file. */
@NullMarked
package com.espra.protoplex.seed.backup;

import org.jspecify.annotations.NullMarked;
