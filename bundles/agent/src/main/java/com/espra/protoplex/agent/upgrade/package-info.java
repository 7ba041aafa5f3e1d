/** The replacement of this node's processes, when the Seed asks for it: what may be started, who does it, and how it went. */
@NullMarked
package com.espra.protoplex.agent.upgrade;

import org.jspecify.annotations.NullMarked;
