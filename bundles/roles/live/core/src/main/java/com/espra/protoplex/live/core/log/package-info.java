/** What a hub keeps: the log, and its forms for files and other nodes. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.live.core.log;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
