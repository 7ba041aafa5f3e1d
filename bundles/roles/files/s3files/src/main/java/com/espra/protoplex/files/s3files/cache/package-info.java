/** What is kept of the store on the disk of this machine, and how it comes there. */
@NullMarked
package com.espra.protoplex.files.s3files.cache;

import org.jspecify.annotations.NullMarked;
