/** The links of the nodes. */
@NullMarked
package com.espra.protoplex.seed.link;

import org.jspecify.annotations.NullMarked;
