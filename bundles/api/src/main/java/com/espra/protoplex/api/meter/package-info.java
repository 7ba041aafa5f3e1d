/** What a unit counts and measures of itself, for whoever watches the fleet. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.meter;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
