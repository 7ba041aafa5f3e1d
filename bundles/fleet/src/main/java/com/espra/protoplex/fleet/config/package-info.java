/** What a unit is configured with at the Seed: which keys it has, the values, and secrets that are sealed. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.fleet.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
