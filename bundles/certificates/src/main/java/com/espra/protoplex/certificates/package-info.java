/** Keys and certificates as files of text, and a certificate that a node makes for itself. */
@NullMarked
@Version("1.3.0")
@Export
package com.espra.protoplex.certificates;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
