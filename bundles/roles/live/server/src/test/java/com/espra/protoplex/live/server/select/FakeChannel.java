package com.espra.protoplex.live.server.select;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.api.channel.ChannelRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A connection that writes down what is sent: of events {@code type|data}. */
final class FakeChannel implements Channel, ChannelRequest {

    final List<String> sent = new ArrayList<>();
    private final Protocol protocol;
    private final String query;
    private final Map<String, String> headers;
    int closed;
    String lastId = "";

    FakeChannel(Protocol protocol, String query, Map<String, String> headers) {
        this.protocol = protocol;
        this.query = query;
        this.headers = headers;
    }

    @Override
    public long id() {
        return 7;
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public ChannelRequest request() {
        return this;
    }

    @Override
    public void respond(String name, String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return closed == 0;
    }

    @Override
    public boolean send(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > MESSAGE_BYTES) {
            throw new IllegalArgumentException("too long");
        }
        sent.add(text);
        return true;
    }

    @Override
    public boolean send(ByteBuffer bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean send(ChannelEvent event) {
        lastId = event.id();
        return send(protocol == Protocol.EVENT_STREAM ? event.type() + "|" + event.data() : event.data());
    }

    @Override
    public void close(int code, String reason) {
        closed = code;
    }

    @Override
    public String requestId() {
        return "r";
    }

    @Override
    public String path() {
        return "/.live/ws";
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public String host() {
        return "localhost";
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.1";
    }

    @Override
    public boolean secure() {
        return false;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
