/** Starts processes that inherit descriptors, and knows how they ended. */
@NullMarked
package com.espra.protoplex.host.process.spawn;

import org.jspecify.annotations.NullMarked;
