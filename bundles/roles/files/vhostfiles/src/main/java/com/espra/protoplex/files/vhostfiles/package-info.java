/** The role vhostfiles: files of hosts, by their names. */
@NullMarked
package com.espra.protoplex.files.vhostfiles;

import org.jspecify.annotations.NullMarked;
