/** Generations of a unit, and the move from one to the next. */
@NullMarked
@Version("1.3.0")
@Export
package com.espra.protoplex.api.swap;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
