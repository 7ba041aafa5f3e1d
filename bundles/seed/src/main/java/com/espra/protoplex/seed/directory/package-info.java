/** What nodes are told of each other. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.seed.directory;
