/** The framework and what is installed in it. */
@NullMarked
package com.espra.protoplex.host.launch;

import org.jspecify.annotations.NullMarked;
