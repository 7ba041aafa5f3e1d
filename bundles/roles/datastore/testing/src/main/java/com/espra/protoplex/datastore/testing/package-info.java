/** A datastore within a test. No part of the role: it is for programs that are tested. */
@NullMarked
package com.espra.protoplex.datastore.testing;

import org.jspecify.annotations.NullMarked;
