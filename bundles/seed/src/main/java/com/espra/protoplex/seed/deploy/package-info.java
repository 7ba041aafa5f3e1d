/** Deployments: how the fleet moves from one build of an app to another, and what is desired meanwhile. */
@NullMarked
package com.espra.protoplex.seed.deploy;

import org.jspecify.annotations.NullMarked;
