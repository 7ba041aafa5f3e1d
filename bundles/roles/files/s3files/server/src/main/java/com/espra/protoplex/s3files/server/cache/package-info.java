/** What is kept of the store on the disk of this machine, and how it comes there. */
@NullMarked
package com.espra.protoplex.s3files.server.cache;

import org.jspecify.annotations.NullMarked;
