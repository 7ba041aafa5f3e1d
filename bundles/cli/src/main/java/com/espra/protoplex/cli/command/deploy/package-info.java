/** Commands that change what a fleet serves. */
@NullMarked
package com.espra.protoplex.cli.command.deploy;

import org.jspecify.annotations.NullMarked;
