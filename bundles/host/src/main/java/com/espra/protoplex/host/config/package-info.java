/** node.json: its keys, their defaults and bounds, and the environment that overrides them. */
@NullMarked
package com.espra.protoplex.host.config;

import org.jspecify.annotations.NullMarked;
