/** The parent's swap engine, whose swaps are carried out by children, and what else the parent's bundles see of them. */
@NullMarked
package com.espra.protoplex.parent;

import org.jspecify.annotations.NullMarked;
