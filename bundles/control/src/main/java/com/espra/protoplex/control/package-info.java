/**
 * What a parent and its children say to each other about swaps. It travels as the host's Control does: maps of texts, numbers, truth
 * values, lists and maps.
 */
@NullMarked
@Version("1.2.0")
@Export
package com.espra.protoplex.control;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
