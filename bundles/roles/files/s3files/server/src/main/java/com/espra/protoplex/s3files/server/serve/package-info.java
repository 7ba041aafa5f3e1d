/** How a request for a file is answered, as HTTP has it. */
@NullMarked
package com.espra.protoplex.s3files.server.serve;

import org.jspecify.annotations.NullMarked;
