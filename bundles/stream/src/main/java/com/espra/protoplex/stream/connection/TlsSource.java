package com.espra.protoplex.stream.connection;

import java.io.IOException;
import javax.net.ssl.SSLContext;

/** The certificate of a listener, as it is now. */
@FunctionalInterface
public interface TlsSource {

    /**
     * What its connections are secured with.
     *
     * @throws IOException if there is none that could be used; the message says why
     */
    SSLContext context() throws IOException;
}
