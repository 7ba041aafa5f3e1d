/** What a proxy says of the connections that it relays, and whose word is taken for it. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.proxyprotocol;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
