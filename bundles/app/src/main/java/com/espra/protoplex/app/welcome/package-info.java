/** What a node shows until an app claims its root. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.app.welcome;
