/** Google's protocol, over HTTP and gRPC, in front of the model. */
@NullMarked
package com.espra.protoplex.datastore.server;

import org.jspecify.annotations.NullMarked;
