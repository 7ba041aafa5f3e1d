package com.espra.protoplex.host.process.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Calls on descriptors. Constants are those of Linux, which are the same on x86-64 and AArch64. */
public final class Posix {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int SOCKADDR_BYTES = 128;

    private Posix() {}

    // Each is bound when it is first called: binding one takes milliseconds, and a child needs but two of them to
    // start.
    private static final class Dup2 {
        static final NativeCall CALL = NativeCall.of("dup2", JAVA_INT, JAVA_INT);
    }

    private static final class Close {
        static final NativeCall CALL = NativeCall.of("close", JAVA_INT);
    }

    private static final class Fcntl {
        static final NativeCall CALL = NativeCall.variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT);
    }

    private static final class GetSockName {
        static final NativeCall CALL = NativeCall.of("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    }

    /** Makes {@code to} refer to what {@code from} does; what it referred to before is closed. */
    public static void dup2(int from, int to) throws PosixException {
        Dup2.CALL.call(from, to);
    }

    /** Another descriptor, at or above {@code lowest}, of what this one refers to; it is not inherited. */
    public static int duplicate(int descriptor, int lowest) throws PosixException {
        return Fcntl.CALL.call(descriptor, F_DUPFD_CLOEXEC, lowest);
    }

    /** Closes a descriptor. */
    public static void close(int descriptor) throws PosixException {
        Close.CALL.call(descriptor);
    }

    /** The address that the socket is bound to; empty when the descriptor is no internet socket. */
    public static Optional<InetSocketAddress> boundTo(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_BYTES, Long.BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SOCKADDR_BYTES);
            GetSockName.CALL.call(descriptor, address, length);
            return switch (address.get(JAVA_SHORT, 0)) {
                case AF_INET -> Optional.of(address(address, 4, 4));
                case AF_INET6 -> Optional.of(address(address, 8, 16));
                default -> Optional.empty();
            };
        } catch (PosixException | UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Of struct sockaddr_in and sockaddr_in6: the port is at 2, in network order. */
    private static InetSocketAddress address(MemorySegment structure, long offset, int bytes)
            throws UnknownHostException {
        int port =
                Byte.toUnsignedInt(structure.get(JAVA_BYTE, 2)) << 8 | Byte.toUnsignedInt(structure.get(JAVA_BYTE, 3));
        byte[] host = structure.asSlice(offset, bytes).toArray(JAVA_BYTE);
        return new InetSocketAddress(InetAddress.getByAddress(host), port);
    }
}
