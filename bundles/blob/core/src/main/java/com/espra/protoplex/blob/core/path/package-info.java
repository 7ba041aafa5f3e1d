/** Which keys the paths of requests name. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.blob.core.path;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
