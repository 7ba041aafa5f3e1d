/** Static assets of a build, from memory: a bundle that is pushed with an app or a role. */
@NullMarked
package com.espra.protoplex.files.appfiles;

import org.jspecify.annotations.NullMarked;
