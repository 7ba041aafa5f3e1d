package com.espra.protoplex.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http2.frames.FrameType;

/** A socket that speaks HTTP/2 in clear text exactly as it is told to (RFC 9113, section 4). */
public final class RawHttp2 implements AutoCloseable {

    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    /** The preface of a client (RFC 9113, section 3.4). */
    public static final byte[] BEGIN =
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0").getBytes(StandardCharsets.US_ASCII);

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;

    public record Frame(FrameType type, int flags, int stream, byte[] payload) {

        /** The error code of a RST_STREAM or GOAWAY. */
        public int error() {
            int at = type == FrameType.GO_AWAY ? 4 : 0;
            return payload[at + 3] & 0xff;
        }
    }

    public RawHttp2(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(BEGIN);
    }

    public void frame(FrameType type, int flags, int stream, byte... payload) throws IOException {
        socket.getOutputStream().write(bytes(type, flags, stream, payload));
    }

    /** Many frames at once. */
    public void write(byte[] frames) throws IOException {
        socket.getOutputStream().write(frames);
    }

    public static byte[] bytes(FrameType type, int flags, int stream, byte... payload) {
        byte[] frame = new byte[9 + payload.length];
        frame[0] = (byte) (payload.length >> 16);
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type.getType();
        frame[4] = (byte) flags;
        frame[5] = (byte) (stream >> 24);
        frame[6] = (byte) (stream >> 16);
        frame[7] = (byte) (stream >> 8);
        frame[8] = (byte) stream;
        System.arraycopy(payload, 0, frame, 9, payload.length);
        return frame;
    }

    /** A head whose fields are all literal: name, value, name, value, ... */
    public void headers(int stream, boolean last, String... fields) throws IOException {
        frame(FrameType.HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(fields));
    }

    public static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            string(fields[i], block);
            string(fields[i + 1], block);
        }
        return block.toByteArray();
    }

    private static void string(String text, ByteArrayOutputStream to) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            to.write(bytes.length);
        } else {
            to.write(127);
            int rest = bytes.length - 127;
            for (; rest >= 128; rest >>= 7) {
                to.write(rest & 127 | 128);
            }
            to.write(rest);
        }
        to.writeBytes(bytes);
    }

    /** The next frame; of the type GO_AWAY with error 255 if the server has closed without one. */
    public Frame read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            FrameType type = FrameType.from(in.readUnsignedByte());
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & 0x7fffffff;
            return new Frame(type, flags, stream, in.readNBytes(length));
        } catch (EOFException | SocketException closed) {
            return new Frame(FrameType.GO_AWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) 255});
        }
    }

    /** What comes for a stream, or ends the connection: HEADERS, RST_STREAM or GO_AWAY. */
    public Frame answer(int stream) throws IOException {
        while (true) {
            Frame frame = read();
            boolean ofStream = frame.stream() == stream
                    && (frame.type() == FrameType.HEADERS || frame.type() == FrameType.RST_STREAM);
            if (ofStream || frame.type() == FrameType.GO_AWAY) {
                return frame;
            }
        }
    }

    /** In short: the status, "reset" with the error's code, or "closed" with it. */
    public String outcome(int stream) throws IOException {
        Frame frame = answer(stream);
        return switch (frame.type()) {
            case HEADERS -> status(frame.payload());
            case RST_STREAM -> "reset " + frame.error();
            default -> "closed " + frame.error();
        };
    }

    /** RFC 7541, appendix A: 8 to 14 are the usual ones; others are a literal whose name is 8. */
    private static String status(byte[] block) {
        int first = block[0] & 0xff;
        // An update of the table's size may come first.
        int at = (first & 0xe0) == 0x20 ? (first == 0x3f ? 3 : 1) : 0;
        int index = block[at] & 0xff;
        if (index >= 0x88 && index <= 0x8e) {
            return new String[] {"200", "204", "206", "304", "400", "404", "500"}[index - 0x88];
        }
        int length = block[at + 1] & 0x7f;
        boolean huffman = (block[at + 1] & 0x80) != 0;
        return huffman ? digits(block, at + 2, length) : new String(block, at + 2, length, StandardCharsets.US_ASCII);
    }

    /** RFC 7541, appendix B: the digits 0, 1, 2 have five bits, 3 to 9 have six. */
    private static String digits(byte[] block, int from, int length) {
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < length; i++) {
            bits.append(Integer.toBinaryString(block[from + i] & 0xff | 0x100).substring(1));
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; text.length() < 3; ) {
            int five = Integer.parseInt(bits.substring(at, at + 5), 2);
            int six = Integer.parseInt(bits.substring(at, Math.min(bits.length(), at + 6)), 2);
            text.append(five < 3 ? five : six - 0x19 + 3);
            at += five < 3 ? 5 : 6;
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
