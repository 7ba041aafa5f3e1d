/** HTTP sessions that outlive a swap: bytes that all generations of a unit share, objects that one generation holds. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.app.session;
