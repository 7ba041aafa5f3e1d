/** Listening sockets that outlive the processes which serve them. */
@NullMarked
package com.espra.protoplex.host.process.socket;

import org.jspecify.annotations.NullMarked;
