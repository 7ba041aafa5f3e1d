package com.espra.protoplex.http.accesslog;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.front.FrontRequest;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * The form of the access log's lines. Of a query it says only that there was one, and of headers it has the user agent alone: queries,
 * cookies and credentials are where secrets are.
 */
final class AccessLogLine {

    private static final int MAX_METHOD = 64;
    private static final int MAX_PATH = 2048;
    private static final int MAX_NAME = 256;
    private static final int MAX_AGENT = 512;

    /** Bytes of an address that say in which network a client is, and not who it is: /24 and /48. */
    private static final int NETWORK_OF_4 = 3;

    private static final int NETWORK_OF_6 = 6;

    private AccessLogLine() {}

    /**
     * Appends a line. It allocates nothing but the bytes of the client's address, and those only where the compiler cannot do without.
     *
     * @param whole whether the client's address is there in full, or only its network
     */
    static void write(Request request, Response response, boolean whole, LineBuffer to) {
        Exchange exchange = request instanceof Exchange ours ? ours : null;
        to.time(System.currentTimeMillis());
        to.put(' ');
        client(request.getConnectionMetaData().getRemoteSocketAddress(), whole, to);
        to.put(" \"");
        to.quoted(request.getMethod(), MAX_METHOD);
        to.put(' ');
        String path = request.getHttpURI().getPath();
        to.quoted(path == null ? "-" : path, MAX_PATH);
        to.put(request.getHttpURI().getQuery() == null ? " " : "?... ");
        to.put(request.getConnectionMetaData().getHttpVersion().asString());
        to.put("\" ");
        to.put(response.getStatus());
        to.put(' ');
        to.put(Math.max(0, Response.getContentBytesWritten(response)));
        to.put(' ');
        to.put(TimeUnit.NANOSECONDS.toMicros(NanoTime.since(request.getBeginNanoTime())));
        to.put("us ");
        to.quoted(exchange == null ? "-" : exchange.id(), MAX_NAME);
        to.put(' ');
        backend(exchange == null ? null : exchange.backend(), to);
        to.put(" \"");
        end(request.getHeaders().get(HttpHeader.USER_AGENT), exchange == null ? null : exchange.note(), to);
    }

    private static void end(@Nullable String agent, @Nullable String note, LineBuffer to) {
        to.quoted(agent == null ? "-" : agent, MAX_AGENT);
        to.put('"');
        if (note != null) {
            to.put(' ');
            to.quoted(note, MAX_NAME);
        }
        to.endLine();
    }

    /** The same of a request that did not come through Jetty. */
    static void write(FrontRequest request, boolean whole, LineBuffer to) {
        to.time(System.currentTimeMillis());
        to.put(' ');
        client(request.client(), whole, to);
        to.put(" \"");
        to.quoted(request.method(), MAX_METHOD);
        to.put(' ');
        to.quoted(request.path(), MAX_PATH);
        to.put(request.hasQuery() ? "?... " : " ");
        to.put("HTTP/1.1\" ");
        to.put(request.status());
        to.put(' ');
        to.put(request.bytes());
        to.put(' ');
        to.put(request.micros());
        to.put("us ");
        to.quoted(request.id(), MAX_NAME);
        to.put(' ');
        to.quoted(request.by(), MAX_NAME);
        to.put(" \"");
        end(request.agent(), request.note(), to);
    }

    private static void backend(@Nullable Backend backend, LineBuffer to) {
        if (backend == null) {
            to.put('-');
            return;
        }
        to.quoted(backend.unit(), MAX_NAME);
        to.put('@');
        to.quoted(backend.generation(), MAX_NAME);
    }

    private static void client(@Nullable SocketAddress address, boolean whole, LineBuffer to) {
        InetAddress client = address instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (client instanceof Inet4Address) {
            byte[] parts = client.getAddress();
            for (int i = 0; i < parts.length; i++) {
                if (i > 0) {
                    to.put('.');
                }
                to.put(i < NETWORK_OF_4 || whole ? parts[i] & 0xff : 0);
            }
        } else if (client != null) {
            to.quoted((whole ? client : network(client)).getHostAddress(), MAX_NAME);
        } else {
            to.put('-');
        }
    }

    private static InetAddress network(InetAddress client) {
        byte[] parts = client.getAddress();
        Arrays.fill(parts, NETWORK_OF_6, parts.length, (byte) 0);
        try {
            return InetAddress.getByAddress(parts);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + parts.length + " bytes", e);
        }
    }
}
