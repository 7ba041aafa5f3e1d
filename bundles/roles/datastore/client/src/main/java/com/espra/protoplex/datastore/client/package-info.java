/** Google's client for units, ready to use: it reaches the fleet's datastore, or Google's, as is configured. */
@NullMarked
package com.espra.protoplex.datastore.client;

import org.jspecify.annotations.NullMarked;
