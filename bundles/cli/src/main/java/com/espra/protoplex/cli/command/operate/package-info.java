/** Commands for who may do what in a fleet, and who did. */
@NullMarked
package com.espra.protoplex.cli.command.operate;

import org.jspecify.annotations.NullMarked;
