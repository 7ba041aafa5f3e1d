/** What the handlers of files do for each other: one serves what another one has found. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.api.file;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
