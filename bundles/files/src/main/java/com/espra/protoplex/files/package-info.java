/** Files that outlive a crash, and files that only their owner may read. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.files;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
