/** The relay in the way of Jetty's requests: HTTP/1.1 and HTTP/2 in, HTTP/1.1 out. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.relay.handler;
