/** One class for each sub-command. */
@NullMarked
package com.espra.protoplex.cli.command;

import org.jspecify.annotations.NullMarked;
