/** What the role Live does for handlers and roles of the fleet: it tells everybody what changed. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.api.live;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
