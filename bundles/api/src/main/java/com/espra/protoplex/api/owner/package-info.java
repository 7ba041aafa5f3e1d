/** Which node owns which key of a role, and what a role does that owns some. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.owner;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
