/** Files that say themselves whether they are whole, block by block. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.blob.core.checked;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
