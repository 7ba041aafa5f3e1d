/** How a request for a file is answered, as HTTP has it. */
@NullMarked
package com.espra.protoplex.files.s3files.serve;

import org.jspecify.annotations.NullMarked;
