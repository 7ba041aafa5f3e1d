/** Builds made of what an author has on disk. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.fleet.make;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
