/** The address of content, and the two hashes that it is made of, whose state can be kept and gone on with. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.blob.core.hash;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
