/** What answers in place of the units: a node that drains, and planned maintenance. */
@NullMarked
package com.espra.protoplex.http.door;

import org.jspecify.annotations.NullMarked;
