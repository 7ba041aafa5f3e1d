/** Who may upload what, and what was uploaded: rows of the Main Datastore. */
@NullMarked
package com.espra.protoplex.files.upload.ledger;

import org.jspecify.annotations.NullMarked;
