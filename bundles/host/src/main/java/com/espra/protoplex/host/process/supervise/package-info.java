/** When children are started, replaced and ended: decided here, carried out elsewhere. */
@NullMarked
package com.espra.protoplex.host.process.supervise;

import org.jspecify.annotations.NullMarked;
