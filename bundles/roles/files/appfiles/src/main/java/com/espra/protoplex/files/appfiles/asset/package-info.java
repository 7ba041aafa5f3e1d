/** What is in a build, as it is served. */
@NullMarked
package com.espra.protoplex.files.appfiles.asset;

import org.jspecify.annotations.NullMarked;
