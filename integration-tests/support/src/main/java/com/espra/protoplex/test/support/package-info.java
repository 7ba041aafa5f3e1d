/** Bundles made from source at test time, waiting for conditions, and a Felix to run tests in. */
@NullMarked
package com.espra.protoplex.test.support;

import org.jspecify.annotations.NullMarked;
