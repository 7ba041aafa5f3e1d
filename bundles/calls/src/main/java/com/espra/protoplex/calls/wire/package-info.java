/** What both ends of a call agree on: headers, the token, bounds and meters. */
@NullMarked
package com.espra.protoplex.calls.wire;

import org.jspecify.annotations.NullMarked;
