/** What units are configured with. */
@NullMarked
package com.espra.protoplex.seed.config;

import org.jspecify.annotations.NullMarked;
