/** What is asked over HTTP. */
@NullMarked
package com.espra.protoplex.live.server.web;

import org.jspecify.annotations.NullMarked;
