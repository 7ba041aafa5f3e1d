/** The Jetty handlers that a generation registers as services. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.app.handler;
