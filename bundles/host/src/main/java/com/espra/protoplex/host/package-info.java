/** The launcher: reads the configuration, locks the data folder, starts the framework with the bundles of the node's roles. */
@NullMarked
package com.espra.protoplex.host;

import org.jspecify.annotations.NullMarked;
