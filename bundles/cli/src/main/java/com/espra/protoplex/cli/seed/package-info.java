/** The client of the Seed's HTTP API. */
@NullMarked
package com.espra.protoplex.cli.seed;

import org.jspecify.annotations.NullMarked;
