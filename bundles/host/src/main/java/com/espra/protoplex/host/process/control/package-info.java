/** What parent and child tell each other, over a Unix domain socket. */
@NullMarked
package com.espra.protoplex.host.process.control;

import org.jspecify.annotations.NullMarked;
