/** HTTP/1.1 without Jetty's request path: a loop of our own on Jetty's selectors, for requests that a director sends elsewhere. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.relay.loop;
