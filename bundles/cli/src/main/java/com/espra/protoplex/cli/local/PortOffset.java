package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import java.util.Optional;
import java.util.function.Consumer;

/** What may be added to every port of a fleet. */
public final class PortOffset {

    private static final int LARGEST = 57_000;

    private PortOffset() {}

    /**
     * Makes sure that an offset that somebody asks for leaves ports on which a fleet can listen at each start.
     *
     * @param note hears of a risk that no offset avoids
     * @throws CliException with status 2 if the offset is not possible
     */
    public static void require(int offset, EphemeralPorts outgoing, Consumer<String> note) {
        if (offset < 0 || offset > LARGEST) {
            throw CliException.usage(
                    "--port-offset " + offset + " is not possible: ports end at " + Port.LARGEST,
                    "say 0 to " + LARGEST);
        }
        Optional<String> risk = outgoing.risk(offset);
        int largestSafe = outgoing.first() - 1 - Port.HTTPS;
        if (risk.isPresent() && offset > 0 && largestSafe >= 0) {
            throw CliException.usage(
                    "--port-offset " + offset + " is not possible: " + risk.get(), "say 0 to " + largestSafe);
        }
        risk.ifPresent(note);
    }
}
