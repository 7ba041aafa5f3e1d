@org.jspecify.annotations.NullMarked
package com.espra.protoplex.stream.limits;
