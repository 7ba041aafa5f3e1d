/** {@code ./protoplex shell}: the system's {@code ssh}, with what belongs to the fleet and nothing else. */
@NullMarked
package com.espra.protoplex.cli.shell;

import org.jspecify.annotations.NullMarked;
