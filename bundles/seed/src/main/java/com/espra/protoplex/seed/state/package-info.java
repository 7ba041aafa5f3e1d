/** What the Seed remembers: apps, nodes, deployments and builds, and the files that they are kept in. */
@NullMarked
package com.espra.protoplex.seed.state;

import org.jspecify.annotations.NullMarked;
