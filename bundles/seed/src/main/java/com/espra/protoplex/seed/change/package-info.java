/** What a build would change, before anybody runs it. */
@NullMarked
package com.espra.protoplex.seed.change;

import org.jspecify.annotations.NullMarked;
