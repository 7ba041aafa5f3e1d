/** The one interface that the host shares with bundles: it is on the host's class path, and the framework exports it. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.peer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
