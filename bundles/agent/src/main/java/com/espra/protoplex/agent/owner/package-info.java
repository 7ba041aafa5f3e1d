/** Who owns which keys, on this node. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.agent.owner;
