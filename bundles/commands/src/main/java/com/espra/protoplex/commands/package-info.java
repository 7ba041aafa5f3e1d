/** Shell commands, and what they do. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.commands;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
