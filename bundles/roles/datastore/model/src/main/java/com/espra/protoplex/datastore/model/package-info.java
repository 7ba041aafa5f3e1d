/** What a datastore does, without a protocol: entities, indexes, queries and transactions over an ordered store. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.datastore.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
