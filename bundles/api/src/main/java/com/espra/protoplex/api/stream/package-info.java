/** Connections of clients that speak TCP, and no HTTP: the way for roles that have a protocol of their own. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.stream;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
