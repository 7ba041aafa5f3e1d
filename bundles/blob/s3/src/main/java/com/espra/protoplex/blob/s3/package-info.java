/** Blobs in S3, or in what speaks its protocol. */
@NullMarked
package com.espra.protoplex.blob.s3;

import org.jspecify.annotations.NullMarked;
