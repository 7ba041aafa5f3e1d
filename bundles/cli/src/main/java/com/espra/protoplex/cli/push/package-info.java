/** Pushing: from files on disk to nodes that serve them, and what is shown meanwhile. */
@NullMarked
package com.espra.protoplex.cli.push;

import org.jspecify.annotations.NullMarked;
