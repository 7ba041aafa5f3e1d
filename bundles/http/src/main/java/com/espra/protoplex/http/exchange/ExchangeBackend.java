package com.espra.protoplex.http.exchange;

import com.espra.protoplex.api.http.Backend;

/** The backend of an exchange in flight. */
public interface ExchangeBackend extends Backend {

    /** The exchange is over, or went elsewhere. */
    void leave(Exchange exchange);

    /** The exchange goes on without the generation. */
    void handOver(Exchange exchange);
}
