/** Calls of roles that run in the children of this node. */
@NullMarked
package com.espra.protoplex.calls.children;

import org.jspecify.annotations.NullMarked;
