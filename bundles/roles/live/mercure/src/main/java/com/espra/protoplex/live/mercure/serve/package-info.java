/** The hub on the wire: subscribers' streams, publishers' requests, who is there, and what the hub says of itself. */
@NullMarked
package com.espra.protoplex.live.mercure.serve;

import org.jspecify.annotations.NullMarked;
