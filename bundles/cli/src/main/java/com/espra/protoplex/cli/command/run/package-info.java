/** Commands that start, stop and upgrade a fleet on this machine. */
@NullMarked
package com.espra.protoplex.cli.command.run;

import org.jspecify.annotations.NullMarked;
