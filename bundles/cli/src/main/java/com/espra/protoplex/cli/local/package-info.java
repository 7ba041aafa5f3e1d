/** The fleet on this machine: its folder, its configuration, its processes. */
@NullMarked
package com.espra.protoplex.cli.local;

import org.jspecify.annotations.NullMarked;
