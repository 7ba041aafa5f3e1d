/** By what the nodes of a fleet know each other: this node's certificate as it is now, and whether somebody else's is good. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.certificates.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
