/** Calls within this process, and what its roles answer. */
@NullMarked
package com.espra.protoplex.calls.local;

import org.jspecify.annotations.NullMarked;
