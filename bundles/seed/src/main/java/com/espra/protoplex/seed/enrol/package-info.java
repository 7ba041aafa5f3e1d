/** How nodes of other machines become the fleet's: tokens to join with, certificates, and their end. */
@NullMarked
package com.espra.protoplex.seed.enrol;

import org.jspecify.annotations.NullMarked;
