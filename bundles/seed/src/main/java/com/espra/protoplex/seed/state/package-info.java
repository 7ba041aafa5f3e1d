/** What the Seed remembers. */
@NullMarked
package com.espra.protoplex.seed.state;

import org.jspecify.annotations.NullMarked;
