/** Who owns which slots of a role, and how that changes: what Seed and nodes do, without threads, clocks and sockets. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.fleet.owner;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
