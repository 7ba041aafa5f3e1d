/** What a node tells of itself when it is asked. */
@NullMarked
package com.espra.protoplex.agent.answer;

import org.jspecify.annotations.NullMarked;
