/** Where requests come in that another node of the fleet has relayed. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.relay.door;
