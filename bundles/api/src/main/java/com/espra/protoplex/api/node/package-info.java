/** The node that a bundle runs on. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.api.node;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
