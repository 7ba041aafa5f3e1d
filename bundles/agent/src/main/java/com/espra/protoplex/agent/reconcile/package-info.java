/** What the node runs against what it should run: no sockets, no framework. */
@NullMarked
package com.espra.protoplex.agent.reconcile;

import org.jspecify.annotations.NullMarked;
