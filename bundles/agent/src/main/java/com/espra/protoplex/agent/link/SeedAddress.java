package com.espra.protoplex.agent.link;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the Seed is, and what it lets this node in with.
 *
 * @param address {@code host:port}
 * @param tokenFile a file that holds the link token; it is read at every use, so that a new token needs no restart
 */
public record SeedAddress(String address, Path tokenFile) {

    /** @throws IllegalArgumentException if the address is none */
    public SeedAddress {
        URI uri = URI.create("http://" + address);
        if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65535) {
            throw new IllegalArgumentException(
                    "seed.address is '" + address + "': use host:port, such as localhost:8060");
        }
    }

    /** A resource of the Seed's API. */
    public URI resource(String path) {
        return URI.create("http://" + address + path);
    }

    /** The WebSocket. */
    public URI link() {
        return URI.create("ws://" + address + "/v1/link");
    }

    /** The value of the header {@code Authorization}. */
    public String authorization() throws IOException {
        try {
            return "Bearer " + Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new IOException("the link token cannot be read from " + tokenFile + " (seed.tokenFile): " + e, e);
        }
    }
}
