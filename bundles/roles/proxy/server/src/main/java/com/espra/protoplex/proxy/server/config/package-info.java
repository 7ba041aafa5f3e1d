/** What operators have configured, read into rules; what makes no sense is refused by name. */
@NullMarked
package com.espra.protoplex.proxy.server.config;

import org.jspecify.annotations.NullMarked;
