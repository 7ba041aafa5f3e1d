/** An ordered store of keys and values that keeps older versions for a while. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.datastore.engine;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
