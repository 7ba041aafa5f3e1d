/** What all commands share, and the commands that belong to no group: one class for each. */
@NullMarked
package com.espra.protoplex.cli.command;

import org.jspecify.annotations.NullMarked;
