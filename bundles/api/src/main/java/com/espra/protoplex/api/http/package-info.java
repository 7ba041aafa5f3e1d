/** What reaches a handler from a public socket: routes, the dispatcher, the traffic of one generation, and what lets it wait. */
@NullMarked
@Version("1.8.0")
@Export
package com.espra.protoplex.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
