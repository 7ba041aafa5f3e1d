/** Builds and their files on disk, by sha256. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.fleet.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
