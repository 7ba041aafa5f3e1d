/** JSON, as every part of Protoplex reads and writes it. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.json;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
