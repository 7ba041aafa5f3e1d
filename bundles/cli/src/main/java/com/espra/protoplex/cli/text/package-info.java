/** Data as text for people. */
@NullMarked
package com.espra.protoplex.cli.text;

import org.jspecify.annotations.NullMarked;
