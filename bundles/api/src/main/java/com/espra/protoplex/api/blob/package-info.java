/** Where large things are kept: bytes under a key, written once. {@code blob.file} keeps them on a disk, {@code blob.s3} with S3. */
@NullMarked
@Version("1.0.0")
@Export
package com.espra.protoplex.api.blob;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
