/** The SSH client of {@code ./protoplex shell}, and the operator's key pair. */
@NullMarked
package com.espra.protoplex.cli.ssh;

import org.jspecify.annotations.NullMarked;
