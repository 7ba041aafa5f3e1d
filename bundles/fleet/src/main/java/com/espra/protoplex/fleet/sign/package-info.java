/** Who made a build: keys of authors, and builds with their signatures. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.fleet.sign;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
