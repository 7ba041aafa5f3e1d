/** Whether a release can run here, found out without touching the framework. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.swap.preflight;
