/** What this node knows of the others. */
@NullMarked
package com.espra.protoplex.agent.directory;

import org.jspecify.annotations.NullMarked;
