/** Who owns which slots of roles, as the Seed says it. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.seed.owner;
