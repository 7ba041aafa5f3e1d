/** What topics are called, and how subscriptions and tokens select them. */
@NullMarked
package com.espra.protoplex.live.mercure.match;

import org.jspecify.annotations.NullMarked;
