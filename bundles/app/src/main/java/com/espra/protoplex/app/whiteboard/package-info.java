/** One OSGi Jakarta Servlet Whiteboard (Compendium 8.1, chapter 140) for each generation. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.app.whiteboard;
