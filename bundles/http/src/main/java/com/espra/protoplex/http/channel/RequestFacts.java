package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.ChannelRequest;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

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
        // HTTP/2 sends the cookies in as many fields as it likes: RFC 9113, section 8.2.3.
        return HttpHeader.COOKIE.is(name) && headers.contains(HttpHeader.COOKIE)
                ? Optional.of(String.join("; ", headers.getValuesList(HttpHeader.COOKIE)))
                : Optional.ofNullable(headers.get(name));
    }
}
