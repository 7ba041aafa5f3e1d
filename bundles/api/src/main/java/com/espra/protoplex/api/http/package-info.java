/** What reaches a handler from a public socket: routes, the dispatcher, and the traffic of one generation. */
@NullMarked
@Version("1.2.0")
@Export
package com.espra.protoplex.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
