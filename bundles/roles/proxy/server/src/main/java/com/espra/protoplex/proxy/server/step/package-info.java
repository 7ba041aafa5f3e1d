/** What is done with a request, one small step after the other: the first that has an answer decides. */
@NullMarked
package com.espra.protoplex.proxy.server.step;

import org.jspecify.annotations.NullMarked;
