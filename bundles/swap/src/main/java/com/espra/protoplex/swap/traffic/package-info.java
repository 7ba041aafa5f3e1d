/** The traffic of a unit that comes by the listeners of several groups, as one. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.swap.traffic;
