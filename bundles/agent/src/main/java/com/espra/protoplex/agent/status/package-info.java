/** status.json: what the command line and other tools know of a node that runs. */
@NullMarked
package com.espra.protoplex.agent.status;

import org.jspecify.annotations.NullMarked;
