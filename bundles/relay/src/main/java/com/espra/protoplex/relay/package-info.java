/** What no unit of a node claims is relayed as a role decides. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.relay;
