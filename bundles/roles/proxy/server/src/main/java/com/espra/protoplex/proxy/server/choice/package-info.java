/** Which of several targets gets a request, and which of them are left out because they fail. */
@NullMarked
package com.espra.protoplex.proxy.server.choice;

import org.jspecify.annotations.NullMarked;
