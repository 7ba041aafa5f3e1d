/** Who may call the Seed's API: tokens, their scopes, and where they are kept. */
@NullMarked
package com.espra.protoplex.seed.access;

import org.jspecify.annotations.NullMarked;
