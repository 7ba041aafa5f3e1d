/** A node of several processes: a parent that holds the sockets, and children that serve from them. See docs/processes.md. */
@NullMarked
package com.espra.protoplex.host.process;

import org.jspecify.annotations.NullMarked;
