/** What a request demands of a file that it asks for, as HTTP has it. */
@NullMarked
package com.espra.protoplex.files.answers;

import org.jspecify.annotations.NullMarked;
