/** Which targets have which requests, as the directory and the configuration say. */
@NullMarked
package com.espra.protoplex.proxy.server.table;

import org.jspecify.annotations.NullMarked;
