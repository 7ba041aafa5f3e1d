package com.espra.protoplex.cli.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The ports from which the system takes one for each outgoing connection: whoever wants to listen on one of them may find it taken at any
 * start.
 *
 * @param first the lowest
 * @param last the highest; lower than the first where it is not known
 */
public record EphemeralPorts(int first, int last) {

    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LONGEST = 64;
    private static final Pattern TWO_NUMBERS = Pattern.compile("(\\d{1,5})\\s+(\\d{1,5})");
    private static final EphemeralPorts UNKNOWN = new EphemeralPorts(0, -1);

    /** Those of this system. */
    public static EphemeralPorts ofSystem() {
        try (InputStream in = Files.newInputStream(RANGE)) {
            // In one piece: to who reads on the kernel says that this is the end.
            return of(new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return UNKNOWN; // not Linux
        }
    }

    /** As the kernel writes them: two numbers. */
    static EphemeralPorts of(String range) {
        Matcher numbers = TWO_NUMBERS.matcher(range.strip());
        return numbers.matches()
                ? new EphemeralPorts(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
                : UNKNOWN;
    }

    /** What a fleet with this offset risks, if it does. */
    Optional<String> risk(int offset) {
        return IntStream.of(Port.SHELL, Port.META, Port.FLEET, Port.SEED, Port.JOIN, Port.HTTP, Port.HTTPS)
                .map(port -> port + offset)
                .filter(port -> first <= port && port <= last)
                .boxed()
                .findFirst()
                .map(port -> "port " + port + " is one of those (" + first + " to " + last
                        + ") that the system gives to outgoing connections, so it may be taken at any start");
    }
}
