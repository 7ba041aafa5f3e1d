/** Where the proxy role sends requests: other roles of its node have a word in it. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.proxy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
