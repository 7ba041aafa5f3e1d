/** Selectors: clients that name keys. */
@NullMarked
package com.espra.protoplex.live.server.select;

import org.jspecify.annotations.NullMarked;
