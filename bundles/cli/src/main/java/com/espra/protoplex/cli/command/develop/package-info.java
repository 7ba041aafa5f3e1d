/** Commands for who writes an app. */
@NullMarked
package com.espra.protoplex.cli.command.develop;

import org.jspecify.annotations.NullMarked;
