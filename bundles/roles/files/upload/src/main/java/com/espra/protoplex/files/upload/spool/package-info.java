/** Uploads under way, in a folder of this node. */
@NullMarked
package com.espra.protoplex.files.upload.spool;

import org.jspecify.annotations.NullMarked;
