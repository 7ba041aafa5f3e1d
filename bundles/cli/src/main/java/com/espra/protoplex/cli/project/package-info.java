/** Projects on this machine: the template of a new one, and building on save. */
@NullMarked
package com.espra.protoplex.cli.project;

import org.jspecify.annotations.NullMarked;
