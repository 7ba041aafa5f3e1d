package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.relay.RelayRequest;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A copy of the head of a request that is decided later: of its fields those that somebody reads. */
public record KeptRequest(
        String id,
        String method,
        String scheme,
        String host,
        int port,
        String path,
        String query,
        Map<String, List<String>> fields,
        InetSocketAddress client)
        implements RelayRequest {

    /**
     * A copy.
     *
     * @param names of the fields that are read
     */
    public static KeptRequest of(RelayRequest request, Collection<String> names) {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : names) {
            List<String> values = request.headers(name);
            if (!values.isEmpty()) {
                fields.put(name, List.copyOf(values));
            }
        }
        return new KeptRequest(
                request.id(),
                request.method(),
                request.scheme(),
                request.host(),
                request.port(),
                request.path(),
                request.query(),
                fields,
                request.client());
    }

    @Override
    public List<String> headers(String name) {
        return fields.getOrDefault(name, List.of());
    }
}
