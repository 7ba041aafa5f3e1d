package com.espra.protoplex.relay.direct;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.RelayRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * What was decided of requests whose connection then became Jetty's: so that a director is asked once, as it may count what it is asked. There
 * is at most one for each connection, and none of a connection that is closed.
 *
 * <p>Threads: safe from any.
 */
public final class HandedOver {

    private final Map<EndPoint, Decided> decided = new ConcurrentHashMap<>();

    /**
     * What was decided.
     *
     * @param request whose it is: another one of the connection may come first, if this one is refused before a director is asked
     * @param traffic of the director
     */
    private record Decided(String request, Decision decision, DirectedTraffic traffic) {}

    /** For the first request of a connection that is Jetty's from now on. */
    public void put(
            EndPoint endPoint, Connection jetty, RelayRequest request, Decision decision, DirectedTraffic traffic) {
        decided.put(endPoint, new Decided(text(request), decision, traffic));
        jetty.addEventListener(new Connection.Listener() {
            @Override
            public void onClosed(Connection connection) {
                decided.remove(endPoint);
            }
        });
    }

    /** The decision of this request; null: a director is to be asked. */
    public @Nullable Decision take(EndPoint endPoint, RelayRequest request, DirectedTraffic traffic) {
        Decided its = decided.isEmpty() ? null : decided.remove(endPoint);
        return its != null && its.traffic().equals(traffic) && its.request().equals(text(request))
                ? its.decision()
                : null;
    }

    private static String text(RelayRequest request) {
        return request.method()
                + ' '
                + request.scheme()
                + ' '
                + request.host()
                + ' '
                + request.port()
                + ' '
                + request.path()
                + ' '
                + request.query();
    }
}
