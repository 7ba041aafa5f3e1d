/** What a unit offers to the other units of its process. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.offer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
