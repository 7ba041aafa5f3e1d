/** The Seed's HTTP API, as an operator uses it: from the command, and from the shell of a node. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.fleet.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
