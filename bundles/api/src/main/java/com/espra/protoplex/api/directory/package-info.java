/** Who is in the fleet, as this node knows it. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.api.directory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
