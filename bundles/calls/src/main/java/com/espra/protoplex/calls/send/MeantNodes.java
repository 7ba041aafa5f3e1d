package com.espra.protoplex.calls.send;

import com.espra.protoplex.certificates.identity.PeerNames;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whom calls mean by an address: nobody else is trusted there. Those that were not called for the longest time are forgotten first. */
final class MeantNodes implements PeerNames {

    /** Twice as many as a fleet has nodes: they may move. */
    private static final int MOST = 20_000;

    private final Map<String, String> names = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    /**
     * Calls of this node go there.
     *
     * @throws ConnectException if its address is none
     */
    void mean(FleetTarget target) throws ConnectException {
        URI uri;
        try {
            uri = new URI(target.address());
        } catch (URISyntaxException e) {
            throw none(target, e);
        }
        if (uri.getHost() == null) {
            throw none(target, null);
        }
        put(address(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort()), target.node());
    }

    private static ConnectException none(FleetTarget target, @Nullable Exception cause) {
        ConnectException none =
                new ConnectException("it has no address that can be called: '" + target.address() + "'");
        none.initCause(cause);
        return none;
    }

    private synchronized void put(String address, String node) {
        names.put(address, node);
    }

    @Override
    public synchronized String at(String host, int port) {
        return names.getOrDefault(address(host, port), "");
    }

    private static String address(String host, int port) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return bare + ' ' + port;
    }
}
