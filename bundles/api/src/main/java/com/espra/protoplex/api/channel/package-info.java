/** Connections of clients that live long and belong to the node, so that the unit behind them is swapped and no client notices. */
@NullMarked
@Version("1.1.0")
@Export
package com.espra.protoplex.api.channel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
