/** The Main Datastore of another node, for the units of this one. */
@NullMarked
package com.espra.protoplex.datastore.remote;

import org.jspecify.annotations.NullMarked;
