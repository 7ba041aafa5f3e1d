/** Who may use the datastore, for what, and how much of it at once. */
@NullMarked
package com.espra.protoplex.datastore.server.access;

import org.jspecify.annotations.NullMarked;
