/** What the swap asks of the operating system's kernel. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.swap.kernel;
