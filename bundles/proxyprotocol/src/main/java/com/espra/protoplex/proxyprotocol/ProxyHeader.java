package com.espra.protoplex.proxyprotocol;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a proxy says of the connection that it relays, before anything else (HAProxy, "The PROXY protocol", versions 1 and 2). Of what
 * follows not a byte is read.
 */
public final class ProxyHeader {

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int FIXED = 16;

    /** Of version 1, with its end of line (section 2.1). */
    private static final int LONGEST_LINE = 107;

    /** Of what follows the fixed part in version 2: addresses, and what else a proxy may want to say. */
    private static final int LONGEST_REST = 2048;

    /** Of either version, in bytes. */
    public static final int LONGEST = FIXED + LONGEST_REST;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int MOST_PORT = 65_535;

    private ProxyHeader() {}

    /** The two ends of the connection to the proxy. */
    public record Ends(InetSocketAddress source, InetSocketAddress destination) {}

    /**
     * Reads it.
     *
     * @return nothing if the connection is the proxy's own, or of a kind that has no addresses
     * @throws EOFException if there is not yet all of it; it is {@value #LONGEST} bytes at most
     * @throws IOException if it is none; the message says why
     */
    public static Optional<Ends> read(InputStream in) throws IOException {
        byte[] first = exactly(in, SIGNATURE.length);
        if (Arrays.equals(first, SIGNATURE)) {
            return binary(in);
        }
        if (!new String(first, StandardCharsets.US_ASCII).startsWith("PROXY ")) {
            throw new IOException("it does not begin with a header of a proxy");
        }
        return text(line(first, in));
    }

    /**
     * The header of version 1 (section 2.1): that of an unknown connection where an end has no address.
     *
     * @return ASCII, at most 107 bytes, with its end of line
     */
    public static byte[] text(Ends ends) {
        Optional<Ends> known = ofOneKind(ends);
        String line = known.map(its -> "PROXY "
                        + (its.source().getAddress() instanceof Inet4Address ? "TCP4 " : "TCP6 ")
                        + its.source().getAddress().getHostAddress() + " "
                        + its.destination().getAddress().getHostAddress() + " "
                        + its.source().getPort() + " " + its.destination().getPort() + "\r\n")
                .orElse("PROXY UNKNOWN\r\n");
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The header of version 2 (section 2.2), without anything behind the addresses; without addresses where an end has none.
     *
     * @return 16, 28 or 52 bytes
     */
    public static byte[] binary(Ends ends) {
        Optional<Ends> known = ofOneKind(ends);
        byte[] source = known.map(its -> its.source().getAddress().getAddress()).orElse(new byte[0]);
        int length = source.length == 0 ? 0 : 2 * source.length + 4;
        ByteBuffer header = ByteBuffer.allocate(FIXED + length)
                .put(SIGNATURE)
                .put((byte) PROXY)
                .put((byte) (source.length == 0 ? 0 : source.length == 4 ? TCP4 : TCP6))
                .putShort((short) length);
        known.ifPresent(its -> header.put(source)
                .put(its.destination().getAddress().getAddress())
                .putShort((short) its.source().getPort())
                .putShort((short) its.destination().getPort()));
        return header.array();
    }

    /** Both of version 4, or both of version 6 (RFC 4291, section 2.5.5.2), without scopes; nothing if one has no address. */
    private static Optional<Ends> ofOneKind(Ends ends) {
        InetAddress source = ends.source().getAddress();
        InetAddress destination = ends.destination().getAddress();
        if (source == null || destination == null) {
            return Optional.empty();
        }
        boolean six = source instanceof Inet6Address || destination instanceof Inet6Address;
        return Optional.of(new Ends(
                new InetSocketAddress(plain(source, six), ends.source().getPort()),
                new InetSocketAddress(
                        plain(destination, six), ends.destination().getPort())));
    }

    private static InetAddress plain(InetAddress address, boolean six) {
        byte[] bytes = address.getAddress();
        try {
            if (!six) {
                return address;
            }
            if (bytes.length == 4) {
                byte[] mapped = new byte[16];
                mapped[10] = (byte) 0xff;
                mapped[11] = (byte) 0xff;
                System.arraycopy(bytes, 0, mapped, 12, 4);
                bytes = mapped;
            }
            return Inet6Address.getByAddress("", bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("addresses have 4 or 16 bytes", e);
        }
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("it ended within the header of a proxy");
        }
        return bytes;
    }

    private static String line(byte[] first, InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(LONGEST_LINE);
        line.write(first);
        while (line.size() < LONGEST_LINE) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("it ended within the header of a proxy");
            }
            line.write(next);
            if (next == '\n') {
                return line.toString(StandardCharsets.US_ASCII);
            }
        }
        throw new IOException("the header of a proxy has no end");
    }

    private static Optional<Ends> text(String line) throws IOException {
        if (!line.endsWith("\r\n")) {
            throw new IOException("the header of a proxy has no end");
        }
        String[] parts = line.substring(0, line.length() - 2).split(" ", -1);
        if (parts[1].equals("UNKNOWN")) {
            return Optional.empty();
        }
        boolean four = parts[1].equals("TCP4");
        if (parts.length != 6 || !(four || parts[1].equals("TCP6"))) {
            throw new IOException("the header of a proxy is not as it should be");
        }
        return Optional.of(new Ends(
                new InetSocketAddress(address(parts[2], four), port(parts[4])),
                new InetSocketAddress(address(parts[3], four), port(parts[5]))));
    }

    private static InetAddress address(String text, boolean four) throws IOException {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            // One of version 6 that is written for one of version 4 is one of these.
            if (!four || address instanceof Inet4Address) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the header of a proxy has an address that is none", e);
        }
        throw new IOException("the header of a proxy has an address of another kind than it says");
    }

    private static int port(String text) throws IOException {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= MOST_PORT) {
            return Integer.parseInt(text);
        }
        throw new IOException("the header of a proxy has a port that is none");
    }

    private static Optional<Ends> binary(InputStream in) throws IOException {
        ByteBuffer fixed = ByteBuffer.wrap(exactly(in, FIXED - SIGNATURE.length));
        int command = fixed.get() & 0xff;
        int family = fixed.get() & 0xff;
        int length = fixed.getShort() & 0xffff;
        if ((command != LOCAL && command != PROXY) || length > LONGEST_REST) {
            throw new IOException("the header of a proxy is of a version or a length that is not known");
        }
        ByteBuffer rest = ByteBuffer.wrap(exactly(in, length));
        if (command == LOCAL || (family != TCP4 && family != TCP6)) {
            return Optional.empty();
        }
        int bytes = family == TCP4 ? 4 : 16;
        if (length < 2 * bytes + 4) {
            throw new IOException("the header of a proxy is too short for its addresses");
        }
        InetAddress source = address(rest, bytes);
        InetAddress destination = address(rest, bytes);
        return Optional.of(new Ends(
                new InetSocketAddress(source, rest.getShort() & 0xffff),
                new InetSocketAddress(destination, rest.getShort() & 0xffff)));
    }

    private static InetAddress address(ByteBuffer rest, int length) throws IOException {
        byte[] bytes = new byte[length];
        rest.get(bytes);
        return InetAddress.getByAddress(bytes);
    }
}
