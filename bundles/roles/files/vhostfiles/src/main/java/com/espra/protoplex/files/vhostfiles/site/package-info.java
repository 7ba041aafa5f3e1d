/** Hosts, and which file is what there: rows of the Main Datastore. */
@NullMarked
package com.espra.protoplex.files.vhostfiles.site;

import org.jspecify.annotations.NullMarked;
