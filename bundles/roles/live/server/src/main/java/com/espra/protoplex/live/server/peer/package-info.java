/** The other Live nodes: who owns a hub, who follows it. */
@NullMarked
package com.espra.protoplex.live.server.peer;

import org.jspecify.annotations.NullMarked;
