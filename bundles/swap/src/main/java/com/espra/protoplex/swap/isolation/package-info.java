/** What keeps generations apart: hooks of the resolver, of services and of bundles. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.swap.isolation;
