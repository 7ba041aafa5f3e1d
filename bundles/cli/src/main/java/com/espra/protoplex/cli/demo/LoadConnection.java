package com.espra.protoplex.cli.demo;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A keep-alive connection to an HTTP/1.1 server (RFC 9112) that takes nothing on trust: a response that is cut, malformed or followed by
 * bytes that nobody asked for is an error.
 */
final class LoadConnection implements AutoCloseable {

    private static final int LONGEST_LINE = 8_192;
    private static final int LONGEST_BODY = 1 << 20;
    private static final int MOST_HEADERS = 100;

    private final Socket socket;
    private final InputStream in;
    private final String host;
    private boolean reusable = true;

    /** Connects. No wait for anything takes longer than the timeout. */
    LoadConnection(InetSocketAddress address, int timeoutMillis) throws IOException {
        socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            socket.connect(address, timeoutMillis);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        host = address.getHostString() + ":" + address.getPort();
    }

    /**
     * An answer.
     *
     * @param status its status code
     * @param body its whole body
     */
    record Response(int status, String body) {}

    /** Sends a GET and reads the whole of its answer. */
    Response get(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        int status = status(line());
        Map<String, String> headers = headers();
        String body = new String(body(headers), StandardCharsets.UTF_8);
        reusable = !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
        if (reusable && in.available() > 0) {
            throw new IOException("more bytes than the response says it has");
        }
        return new Response(status, body);
    }

    /** Whether the server is ready to take another request on it. */
    boolean reusable() {
        return reusable;
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/1\\.1 [1-5][0-9]{2}( .*)?")) {
            throw new IOException("not a status line: '" + line + "'");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() == MOST_HEADERS) {
                throw new IOException("not a header: '" + line + "'");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.put(name, line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunks();
        }
        String length = headers.get("content-length");
        if (length == null) {
            throw new IOException("neither Content-Length nor chunks: the end of the body cannot be told from a cut");
        }
        return bytes(number(length, 10));
    }

    private byte[] chunks() throws IOException {
        var body = new java.io.ByteArrayOutputStream();
        while (true) {
            int size = number(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                headers();
                return body.toByteArray();
            }
            body.write(bytes(size));
            if (!line().isEmpty() || body.size() > LONGEST_BODY) {
                throw new IOException("a chunk does not end where it says");
            }
        }
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ends after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static int number(String text, int radix) throws IOException {
        try {
            int number = Integer.parseInt(text, radix);
            if (number >= 0 && number <= LONGEST_BODY) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException("not a length: '" + text + "'", e);
        }
        throw new IOException("not a length: '" + text + "'");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException(
                        line.isEmpty() ? "the connection was closed where a response belongs" : "a line was cut");
            }
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
            }
            line.append((char) octet);
        }
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
