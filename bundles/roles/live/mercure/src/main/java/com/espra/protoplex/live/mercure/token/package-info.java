/** Who may publish and read what: access tokens, how they are presented, and the keys that they are verified with. */
@NullMarked
package com.espra.protoplex.live.mercure.token;

import org.jspecify.annotations.NullMarked;
