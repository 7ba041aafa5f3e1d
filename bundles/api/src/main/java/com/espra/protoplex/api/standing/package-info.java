/** How a node is to serve, whatever it runs: as its operators say. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.standing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
