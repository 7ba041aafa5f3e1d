package com.espra.protoplex.relay.handler;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One side of a connection, byte by byte. */
public final class Talk implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public Talk(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    public Talk(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public Socket socket() {
        return socket;
    }

    InputStream in() {
        return in;
    }

    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** A request without a body. */
    public void get(String path, String... fields) throws IOException {
        StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: shop.example\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        send(head.append("\r\n").toString());
    }

    /** A head: the first line and the fields, as they came, without the empty line. Empty when the other side has closed. */
    public String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** The value of a field of a head; null if it has none. */
    public static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(null);
    }

    /** A body whose end the head says. */
    public String body(String head) throws IOException {
        String length = field(head, "Content-Length");
        if (length != null) {
            return text(Integer.parseInt(length));
        }
        return "chunked".equals(field(head, "Transfer-Encoding")) ? chunks() : "";
    }

    /** Chunks, then a bar and the trailers if there are any. */
    String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            body.append(text(length));
            line();
        }
        String trailers = head();
        return trailers.isEmpty() ? body.toString() : body + "|" + trailers.trim();
    }

    /** One chunk; the end of its line may come with the next one. */
    public String chunk() throws IOException {
        String size = line();
        return text(Integer.parseInt(size.isEmpty() ? line() : size, 16));
    }

    public String text(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The next byte; -1 when the other side has closed, orderly or not. */
    public int read() throws IOException {
        try {
            return in.read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
