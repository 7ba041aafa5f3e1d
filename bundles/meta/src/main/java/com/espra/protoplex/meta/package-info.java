/** The Meta port: health, metrics and state of this node, for the fleet. */
@NullMarked
package com.espra.protoplex.meta;

import org.jspecify.annotations.NullMarked;
