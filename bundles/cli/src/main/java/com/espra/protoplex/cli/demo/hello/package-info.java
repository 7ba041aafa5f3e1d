/** The app of the demonstration: it is packed into bundles, and never runs in the command itself. */
@NullMarked
package com.espra.protoplex.cli.demo.hello;

import org.jspecify.annotations.NullMarked;
