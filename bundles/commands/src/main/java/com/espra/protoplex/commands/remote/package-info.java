/** The commands of a node's children, in the shell of its parent. */
@NullMarked
package com.espra.protoplex.commands.remote;

import org.jspecify.annotations.NullMarked;
