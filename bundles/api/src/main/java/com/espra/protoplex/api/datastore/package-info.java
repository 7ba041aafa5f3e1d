/** How units reach the Main Datastore without knowing where it is. They use Google's client, which is in a bundle of their own. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.datastore;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
