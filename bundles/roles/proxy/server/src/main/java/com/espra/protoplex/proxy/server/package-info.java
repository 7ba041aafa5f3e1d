/** The proxy role: it says what becomes of requests that no unit of its node claims. */
@NullMarked
package com.espra.protoplex.proxy.server;

import org.jspecify.annotations.NullMarked;
