/** Blobs on a disk of this machine. */
@NullMarked
package com.espra.protoplex.blob.file;

import org.jspecify.annotations.NullMarked;
