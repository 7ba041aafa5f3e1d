/** What becomes of requests that no unit of a node claims: a role decides, and the node relays. */
@NullMarked
@Version("1.2.0")
@Export
package com.espra.protoplex.api.relay;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
