package com.espra.protoplex.http.listen;

import com.espra.protoplex.http.connector.LosslessConnector;
import com.espra.protoplex.http.exchange.RequestIds;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.front.Front;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1: a connection is the front's while there is one, else Jetty's. */
final class FrontedHttp1 extends HttpConnectionFactory {

    private final Supplier<@Nullable Front> front;
    private final GroupReception.Shared shared;
    private final RequestIds ids;
    private final Forwarders forwarders;
    private final Map<Connector, GroupReception> receptions = new ConcurrentHashMap<>();

    FrontedHttp1(
            HttpConfiguration http,
            Supplier<@Nullable Front> front,
            GroupReception.Shared shared,
            RequestIds ids,
            Forwarders forwarders) {
        super(http);
        this.front = front;
        this.shared = shared;
        this.ids = ids;
        this.forwarders = forwarders;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        Front now = front.get();
        AbstractConnection its = now == null || !(connector instanceof LosslessConnector lossless)
                ? null
                : now.connection(
                        receptions.computeIfAbsent(
                                lossless,
                                each -> new GroupReception(shared, lossless, ids, forwarders, super::newConnection)),
                        endPoint);
        return its == null ? super.newConnection(connector, endPoint) : configure(its, connector, endPoint);
    }
}
