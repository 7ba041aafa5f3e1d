/** Files that outlive a crash, files that only their owner may read, and folders that one process has open. */
@NullMarked
@Version("1.2.0")
@Export
package com.espra.protoplex.files;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
