/** The frames that a node and the Seed exchange. */
@NullMarked
@Version("1.5.0")
@Export
package com.espra.protoplex.fleet.link;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
