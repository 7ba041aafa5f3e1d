/** The Seed's HTTP API. */
@NullMarked
package com.espra.protoplex.seed.web;

import org.jspecify.annotations.NullMarked;
