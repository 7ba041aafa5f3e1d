/** What a build is: its manifest, its rules, its order among others, and the jars in it. */
@NullMarked
@Version("1.2.0")
@Export
package com.espra.protoplex.fleet.build;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
