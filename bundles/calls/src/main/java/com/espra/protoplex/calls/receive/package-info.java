/** Calls that come from other nodes, on the listeners of the group {@code fleet}. */
@NullMarked
package com.espra.protoplex.calls.receive;

import org.jspecify.annotations.NullMarked;
