/** How many requests of a route and of a client are let through. */
@NullMarked
package com.espra.protoplex.proxy.server.limit;

import org.jspecify.annotations.NullMarked;
