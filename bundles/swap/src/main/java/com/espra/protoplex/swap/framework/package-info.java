/** Generations in a real OSGi framework. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.swap.framework;
