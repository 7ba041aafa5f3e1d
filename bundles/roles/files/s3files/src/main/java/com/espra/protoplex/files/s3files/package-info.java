/** The role s3files: files of a store of blobs, from a cache on the disk. */
@NullMarked
package com.espra.protoplex.files.s3files;

import org.jspecify.annotations.NullMarked;
