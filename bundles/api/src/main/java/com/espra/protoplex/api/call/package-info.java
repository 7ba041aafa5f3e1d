/** How a role calls another one, on whichever node that is. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.call;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
