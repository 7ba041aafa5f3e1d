/** From the text of the node's configuration to the configurations of its components, and the node as a service. */
@NullMarked
package com.espra.protoplex.node;

import org.jspecify.annotations.NullMarked;
