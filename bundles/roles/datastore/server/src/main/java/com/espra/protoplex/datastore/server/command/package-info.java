/** {@code ds:…}: what operators and developers may ask and tell the datastore of a node. */
@NullMarked
package com.espra.protoplex.datastore.server.command;

import org.jspecify.annotations.NullMarked;
