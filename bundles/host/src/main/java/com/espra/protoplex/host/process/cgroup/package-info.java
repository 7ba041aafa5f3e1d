/** Control groups (cgroup v2) of children: what the kernel itself bounds, and ends as a whole. */
@NullMarked
package com.espra.protoplex.host.process.cgroup;

import org.jspecify.annotations.NullMarked;
