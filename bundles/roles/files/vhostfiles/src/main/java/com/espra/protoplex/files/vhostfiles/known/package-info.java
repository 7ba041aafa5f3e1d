/** What was asked of somebody slow, and is remembered until it may have changed. */
@NullMarked
package com.espra.protoplex.files.vhostfiles.known;

import org.jspecify.annotations.NullMarked;
