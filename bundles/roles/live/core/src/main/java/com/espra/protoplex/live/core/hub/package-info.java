/** Hubs as one node has them. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.live.core.hub;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
