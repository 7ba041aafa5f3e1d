/** Hubs: what was published, in order, and who wants to hear of it. No protocol, no network, no framework. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.live.core;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
