/** What clients ask for, read and judged: fields, credentials, origins, and what is refused. */
@NullMarked
package com.espra.protoplex.live.mercure.request;

import org.jspecify.annotations.NullMarked;
