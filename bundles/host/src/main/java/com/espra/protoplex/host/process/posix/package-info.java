/** The few calls of the C library that Java has no API for, by the Foreign Function API. */
@NullMarked
package com.espra.protoplex.host.process.posix;

import org.jspecify.annotations.NullMarked;
