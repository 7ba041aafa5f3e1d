package com.espra.protoplex.calls.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes beside the Seed know each other by: the token of their links to it. The file is read again once a second at most, so that a
 * new token needs no restart.
 *
 * <p>Threads: safe from any.
 */
public final class FleetToken {

    private static final String SCHEME = "Bearer ";
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String file;
    private final boolean joined;
    private volatile @Nullable Known known;

    private record Known(String token, long atNanos) {}

    /** @param file holds the token; empty if this node has none */
    public FleetToken(String file) {
        this(file, false);
    }

    /**
     * @param file holds the token; empty if this node has none
     * @param joined whether it has a certificate
     */
    public FleetToken(String file, boolean joined) {
        this.file = file;
        this.joined = joined;
    }

    /** Whether there should be one. */
    boolean isConfigured() {
        return !file.isEmpty();
    }

    /**
     * The value of the header {@code Authorization}.
     *
     * @throws IOException if there is no token; says which key to set
     */
    public String authorization() throws IOException {
        return SCHEME + token();
    }

    /** Whether it is this header that a node of the fleet sends. Takes as long for every wrong one. */
    public boolean isOfTheFleet(@Nullable String authorization) throws IOException {
        byte[] own = token().getBytes(StandardCharsets.ISO_8859_1);
        return authorization != null
                && authorization.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        own, authorization.substring(SCHEME.length()).getBytes(StandardCharsets.ISO_8859_1));
    }

    private String token() throws IOException {
        Known last = known;
        if (last != null && System.nanoTime() - last.atNanos() < FRESH_NANOS) {
            return last.token();
        }
        String read = read();
        known = new Known(read, System.nanoTime());
        return read;
    }

    private String read() throws IOException {
        if (file.isEmpty() && joined) {
            // To copy the link token to it would let that machine pose as any node.
            throw new IOException("a node that has joined has a certificate (seed.certificate in node.json) in place of"
                    + " the token: it calls and is called over TLS, on the listener 'fleet'");
        }
        if (file.isEmpty()) {
            throw new IOException("this node has no token of a fleet: set seed.tokenFile in its node.json");
        }
        try {
            String token =
                    Files.readString(Path.of(file), StandardCharsets.ISO_8859_1).strip();
            if (token.isEmpty()) {
                throw new IOException("it is empty");
            }
            return token;
        } catch (IOException e) {
            throw new IOException("the token of the fleet cannot be read from " + file + " (seed.tokenFile): " + e, e);
        }
    }
}
