/** What was in the builds before. */
@NullMarked
package com.espra.protoplex.files.appfiles.past;

import org.jspecify.annotations.NullMarked;
