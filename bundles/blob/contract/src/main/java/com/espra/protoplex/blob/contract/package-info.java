/** What every store of blobs is tested by. */
@NullMarked
package com.espra.protoplex.blob.contract;

import org.jspecify.annotations.NullMarked;
