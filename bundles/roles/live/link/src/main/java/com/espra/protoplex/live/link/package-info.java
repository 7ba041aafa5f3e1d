/** Live as nodes use it: what changed is told to those who keep something, and what is published goes to a Live node. */
@NullMarked
package com.espra.protoplex.live.link;

import org.jspecify.annotations.NullMarked;
