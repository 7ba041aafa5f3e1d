/** What is possible at the moment, for apps and roles that want to know before they try. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.capability;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
