/** How this node is to serve, as its Seed says: kept on the disk, carried out step by step, and told to the node's processes. */
@NullMarked
package com.espra.protoplex.agent.standing;

import org.jspecify.annotations.NullMarked;
