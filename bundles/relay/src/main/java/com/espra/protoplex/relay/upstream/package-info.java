/** Connections to targets: HTTP/1.1, each used for one request at a time, and never again after anything odd. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.relay.upstream;
