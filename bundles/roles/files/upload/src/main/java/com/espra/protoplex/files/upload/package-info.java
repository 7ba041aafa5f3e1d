/** The role upload: files come in, are verified while they do, and are kept by their content. */
@NullMarked
package com.espra.protoplex.files.upload;

import org.jspecify.annotations.NullMarked;
