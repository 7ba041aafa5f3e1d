package com.espra.protoplex.relay.head;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The token of the fleet, by which nodes believe each other what they say of a client. A new one holds within a second. */
public final class FleetProof {

    /** The agent's configuration. */
    public static final String PID = "com.espra.protoplex.agent";

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String file;
    private volatile @Nullable Known known;

    /** Of the section {@code seed} of the node's configuration. */
    public @interface Config {

        /** File with the token; empty: this node has none. */
        String tokenFile() default "";
    }

    private record Known(String token, long atNanos) {}

    /** @param file empty if there is none */
    public FleetProof(String file) {
        this.file = file;
    }

    /** Whether this node has one, be it readable or not. */
    boolean isConfigured() {
        return !file.isEmpty();
    }

    /**
     * The proof, for a field.
     *
     * @throws IOException if this node has none; says which key to set
     */
    public String now() throws IOException {
        Known last = known;
        if (last != null && System.nanoTime() - last.atNanos() < FRESH_NANOS) {
            return last.token();
        }
        if (file.isEmpty()) {
            throw new IOException("this node has no token of a fleet: set seed.tokenFile in its node.json");
        }
        String token;
        try {
            token = Files.readString(Path.of(file), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new IOException("the token of the fleet cannot be read from " + file + " (seed.tokenFile): " + e, e);
        }
        if (token.isEmpty()) {
            throw new IOException("the token of the fleet in " + file + " (seed.tokenFile) is empty");
        }
        known = new Known(token, System.nanoTime());
        return token;
    }

    /** Whether this is it. It takes as long for every wrong one. */
    public boolean isOfTheFleet(@Nullable String said) throws IOException {
        byte[] own = now().getBytes(StandardCharsets.ISO_8859_1);
        return said != null && MessageDigest.isEqual(own, said.getBytes(StandardCharsets.ISO_8859_1));
    }
}
