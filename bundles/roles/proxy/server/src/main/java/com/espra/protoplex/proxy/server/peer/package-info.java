/** What proxies say to each other. */
@NullMarked
package com.espra.protoplex.proxy.server.peer;

import org.jspecify.annotations.NullMarked;
