/** Calls between roles: within the process, and over the listeners of the fleet. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.calls;
