/** What is kept of a process that ended as it should not. */
@NullMarked
package com.espra.protoplex.host.process.crash;

import org.jspecify.annotations.NullMarked;
