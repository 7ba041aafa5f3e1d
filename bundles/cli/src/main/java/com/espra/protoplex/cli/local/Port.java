package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A port that a node listens on.
 *
 * @param what the listener's name
 * @param host the address that it is bound to
 * @param number the port
 */
record Port(String what, String host, int number) {

    static final int HTTP = 8080;
    static final int HTTPS = 8443;
    static final int SEED = 8060;
    static final int JOIN = 8061;
    static final int META = 8050;
    static final int FLEET = 8051;
    static final int SHELL = 8022;
    static final int LARGEST = 65_535;

    /**
     * Makes sure that there is such a port and that nobody has it.
     *
     * @throws CliException with status 2 if there is none, and 1 if somebody has it
     */
    void requireFree(String node) {
        if (number < 0 || number > LARGEST) {
            throw CliException.usage(
                    "port " + number + " (" + what + " of " + node + ") is not possible: ports end at " + LARGEST,
                    "correct it in its node.json");
        }
        if (!isFree()) {
            throw CliException.refused(
                    "port " + number + " (" + what + " of " + node + ") is in use by another program",
                    "move the fleet with `--port-offset 1000`, or stop the program: `lsof -i :" + number
                            + "` shows which one it is");
        }
    }

    boolean isFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, number));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A port of the loopback interface that nobody has now. */
    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /** Whether a fleet with this offset finds all of its well-known ports free. */
    static boolean areFree(int offset) {
        return new Port("", "0.0.0.0", HTTP + offset).isFree()
                && new Port("", "0.0.0.0", HTTPS + offset).isFree()
                && new Port("", "127.0.0.1", SEED + offset).isFree()
                && new Port("", "127.0.0.1", META + offset).isFree()
                && new Port("", "127.0.0.1", SHELL + offset).isFree();
    }
}
