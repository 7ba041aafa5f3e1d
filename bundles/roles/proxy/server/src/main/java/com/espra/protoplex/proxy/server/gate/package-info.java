/** Routes that an operator has paused, or drains. */
@NullMarked
package com.espra.protoplex.proxy.server.gate;

import org.jspecify.annotations.NullMarked;
