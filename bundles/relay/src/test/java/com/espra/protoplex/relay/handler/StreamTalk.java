package com.espra.protoplex.relay.handler;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that speaks HTTP/2 in clear text frame by frame (RFC 9113, section 4). */
final class StreamTalk implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;

    private static final byte[] BEGIN =
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0").getBytes(StandardCharsets.US_ASCII);

    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Socket socket;
    private final DataInputStream in;

    record Frame(int type, int flags, int stream, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }

        boolean isLast() {
            return (flags & END_STREAM) != 0;
        }
    }

    StreamTalk(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(BEGIN);
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        frame.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** A head whose fields are all literal: name, value, name, value, ... */
    void head(int stream, boolean last, String... fields) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            for (String text : new String[] {fields[i], fields[i + 1]}) {
                block.write(text.length());
                block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block.toByteArray());
    }

    void data(int stream, boolean last, String text) throws IOException {
        frame(DATA, last ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void reset(int stream) throws IOException {
        frame(RESET, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** The next frame of a stream; the settings are acknowledged on the way. */
    Frame next(int stream) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int its = in.readInt() & 0x7fffffff;
            byte[] payload = in.readNBytes(length);
            if (payload.length < length) {
                throw new EOFException("closed in a frame");
            }
            if (type == SETTINGS && flags == 0) {
                frame(SETTINGS, 1, 0, new byte[0]);
            }
            if (its == stream && type <= RESET) {
                return new Frame(type, flags, its, payload);
            }
            if (type == 7) {
                throw new EOFException("GOAWAY " + new String(payload, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** The status of a head, where it is one of the usual ones (RFC 7541, appendix A). */
    static int status(Frame head) {
        int first = head.payload()[0] & 0xff;
        // An update of the table's size may come first.
        int at = (first & 0xe0) == 0x20 ? (first == 0x3f ? 3 : 1) : 0;
        int index = head.payload()[at] & 0xff;
        return index >= 0x88 && index <= 0x8e ? new int[] {200, 204, 206, 304, 400, 404, 500}[index - 0x88] : 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
