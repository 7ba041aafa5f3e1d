/** Reads HTTP/1.1 of a listener before Jetty does, and gives to Jetty what it does not serve itself: for the kernel's own bundles. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.http.front;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
