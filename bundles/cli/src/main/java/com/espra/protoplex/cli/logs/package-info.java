/** Reading the nodes' log files. */
@NullMarked
package com.espra.protoplex.cli.logs;

import org.jspecify.annotations.NullMarked;
