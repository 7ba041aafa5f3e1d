package com.espra.protoplex.stream.connection;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import com.espra.protoplex.stream.limits.StreamCounts;
import com.espra.protoplex.stream.limits.StreamGuard;
import com.espra.protoplex.stream.limits.StreamLimits;
import java.util.function.Supplier;

/**
 * What the connections of a listener share.
 *
 * @param name the listener's
 * @param dispatcher knows who serves it
 * @param limits of the process, now
 * @param guard of the process
 * @param counts of the listener
 * @param proxies who says where a connection comes from
 * @param tls the listener's certificate
 * @param tlsFirst whether TLS is spoken from the first byte
 */
public record StreamPort(
        String name,
        Dispatcher dispatcher,
        Supplier<StreamLimits> limits,
        StreamGuard guard,
        StreamCounts counts,
        TrustedProxies proxies,
        TlsSource tls,
        boolean tlsFirst) {}
