/** The built-in demonstration: an app, its load, and the figures. */
@NullMarked
package com.espra.protoplex.cli.demo;

import org.jspecify.annotations.NullMarked;
