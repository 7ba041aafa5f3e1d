/** A node as processes: one that does all, or a parent and its children. */
@NullMarked
package com.espra.protoplex.host.node;

import org.jspecify.annotations.NullMarked;
