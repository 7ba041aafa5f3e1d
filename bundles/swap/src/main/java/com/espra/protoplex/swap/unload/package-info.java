/** The proof that nothing of a removed generation is left. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.swap.unload;
