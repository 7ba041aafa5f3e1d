/** The role Live. */
@NullMarked
package com.espra.protoplex.live.server;

import org.jspecify.annotations.NullMarked;
