package com.espra.protoplex.app.welcome;

import com.espra.protoplex.api.http.Listener;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Who is shown what runs on this node: as {@code listeners.<name>.welcome} says, everybody, nobody, or whoever sits at this machine. A
 * proxy on this machine says for whom it asks, and the world is not shown the page through it; nor is a page of another site that a
 * browser here has open, which would come by another host's name.
 */
final class WelcomeAudience {

    private static final String EVERYBODY = "everybody";
    private static final String LOOPBACK = "loopback";

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final Map<String, String> byListener = new ConcurrentHashMap<>();

    void add(Map<String, Object> listener) {
        byListener.put(String.valueOf(listener.get(Listener.NAME)), String.valueOf(listener.get(Listener.WELCOME)));
    }

    void remove(Map<String, Object> listener) {
        byListener.remove(String.valueOf(listener.get(Listener.NAME)));
    }

    boolean includes(Request request) {
        String listener = request.getConnectionMetaData().getConnector().getName();
        return switch (byListener.getOrDefault(String.valueOf(listener), "")) {
            case EVERYBODY -> true;
            case LOOPBACK -> isOfThisMachine(request);
            default -> false;
        };
    }

    private static boolean isOfThisMachine(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                && remote.getAddress() != null
                && remote.getAddress().isLoopbackAddress()
                && THIS_MACHINE.contains(Request.getServerName(request))
                && !request.getHeaders().contains(HttpHeader.FORWARDED)
                && !request.getHeaders().contains(HttpHeader.X_FORWARDED_FOR)
                && !request.getHeaders().contains("X-Real-IP");
    }
}
