package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.ChannelRequest;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;

/** What is kept of the request that opened a channel. */
record RequestFacts(
        String requestId,
        String path,
        String query,
        String host,
        String remoteAddress,
        boolean secure,
        HttpFields headers)
        implements ChannelRequest {

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
