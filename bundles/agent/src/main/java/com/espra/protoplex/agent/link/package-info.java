/** The connection to the Seed: frames out and in, over a WebSocket that comes back by itself. */
@NullMarked
package com.espra.protoplex.agent.link;

import org.jspecify.annotations.NullMarked;
