/** The role s3files: files of a store of blobs, from a cache on the disk. */
@NullMarked
package com.espra.protoplex.s3files.server;

import org.jspecify.annotations.NullMarked;
