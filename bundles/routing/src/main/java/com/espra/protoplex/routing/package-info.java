/** Which of several routes has a request: one table for what a node serves, and for what it relays. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.routing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
