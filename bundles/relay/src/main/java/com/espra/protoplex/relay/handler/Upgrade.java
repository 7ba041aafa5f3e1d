package com.espra.protoplex.relay.handler;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** A request for another protocol: by RFC 9110, section 7.8, or over HTTP/2 by RFC 8441. */
final class Upgrade {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 16;

    private Upgrade() {}

    /**
     * What is asked for; empty if nothing is. HTTP/2 is not passed on: it is spoken with this node. Nor is anything that comes with a body, which
     * a target could take for the other protocol, or the reverse: the request goes on as one that asks for nothing.
     */
    static String wanted(Request request) {
        TunnelSupport tunnel = request.getTunnelSupport();
        if (HttpMethod.CONNECT.is(request.getMethod())) {
            return tunnel == null || tunnel.getProtocol() == null ? "" : tunnel.getProtocol();
        }
        if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
                || request.getLength() > 0
                || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                || !request.getHeaders().contains(HttpHeader.CONNECTION, "upgrade")) {
            return "";
        }
        return request.getHeaders().getCSV(HttpHeader.UPGRADE, true).stream()
                .filter(each ->
                        !each.isBlank() && !each.toLowerCase(Locale.ROOT).startsWith("h2c"))
                .collect(Collectors.joining(", "));
    }

    static boolean isOverHttp2(Request request) {
        return HttpMethod.CONNECT.is(request.getMethod());
    }

    /** RFC 8441, section 5: there is no key in HTTP/2. */
    static HttpFields withKey(HttpFields fields) {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return HttpFields.build(fields)
                .put(HttpHeader.SEC_WEBSOCKET_KEY, Base64.getEncoder().encodeToString(key));
    }

    /**
     * Lets the client's connection become the one end, and the target's the other.
     *
     * @param read what came from the target after its head
     * @param idle how long both may be silent
     */
    static void join(
            Request request,
            Response response,
            Callback callback,
            HttpFields answered,
            EndPoint target,
            ByteBuffer read,
            Duration idle) {
        EndPoint client;
        if (isOverHttp2(request)) {
            client = request.getTunnelSupport().getEndPoint();
            response.setStatus(200);
            response.getHeaders().remove(HttpHeader.SEC_WEBSOCKET_ACCEPT);
        } else {
            client = request.getConnectionMetaData().getConnection().getEndPoint();
            response.setStatus(101);
            response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
            String upgrade = answered.get(HttpHeader.UPGRADE);
            response.getHeaders().put(HttpHeader.UPGRADE, upgrade == null ? "websocket" : upgrade);
        }
        Executor executor = request.getComponents().getExecutor();
        ByteBufferPool buffers = request.getComponents().getByteBufferPool();
        AtomicInteger open = new AtomicInteger(2);
        TunnelEnd far = new TunnelEnd(target, executor, buffers, client, open, read, () -> {});
        TunnelEnd near = new TunnelEnd(client, executor, buffers, target, open, BufferUtil.EMPTY_BUFFER, () -> {
            client.setIdleTimeout(idle.toMillis());
            target.setIdleTimeout(idle.toMillis());
            target.upgrade(far);
        });
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, near);
        response.write(true, null, Callback.from(callback::succeeded, failure -> {
            target.close(failure);
            callback.failed(failure);
        }));
    }
}
