/** Commands that show a fleet and its logs. */
@NullMarked
package com.espra.protoplex.cli.command.read;

import org.jspecify.annotations.NullMarked;
