/** Uploads over HTTP: plain ones, and tus 1.0. */
@NullMarked
package com.espra.protoplex.files.upload.web;

import org.jspecify.annotations.NullMarked;
