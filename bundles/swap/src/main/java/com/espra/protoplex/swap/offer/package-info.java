/** What units offer to each other: a proxy for each, the generation that answers it, and the calls in flight. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.swap.offer;
