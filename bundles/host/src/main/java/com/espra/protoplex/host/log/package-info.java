/** Where the node's log lines go. */
@NullMarked
package com.espra.protoplex.host.log;

import org.jspecify.annotations.NullMarked;
