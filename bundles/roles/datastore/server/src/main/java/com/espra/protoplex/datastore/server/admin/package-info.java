/** Google's Datastore Admin v1 for composite indexes, and the operations that its calls begin. */
@NullMarked
package com.espra.protoplex.datastore.server.admin;

import org.jspecify.annotations.NullMarked;
