package com.espra.protoplex.agent.link;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the Seed is, and what it lets this node in with: a certificate if there is one, else a token.
 *
 * @param address {@code host:port}
 * @param tokenFile a file that holds the link token; it is read at every use, so that a new token needs no restart
 * @param certificate of a node that has joined: then all of it is TLS
 */
public record SeedAddress(String address, Path tokenFile, Optional<NodeCertificate> certificate) {

    /** @throws IllegalArgumentException if the address is none */
    public SeedAddress {
        URI uri = URI.create("http://" + address);
        if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65535) {
            throw new IllegalArgumentException(
                    "seed.address is '" + address + "': use host:port, such as localhost:8060");
        }
    }

    /** A Seed that this node shows a token. */
    public SeedAddress(String address, Path tokenFile) {
        this(address, tokenFile, Optional.empty());
    }

    /** The whole of it, without a path. */
    public String url() {
        return (certificate.isPresent() ? "https://" : "http://") + address;
    }

    /** A resource of the Seed's API. */
    public URI resource(String path) {
        return URI.create(url() + path);
    }

    /** The WebSocket. */
    public URI link() {
        return URI.create((certificate.isPresent() ? "wss://" : "ws://") + address + "/v1/link");
    }

    /** The value of the header {@code Authorization}; empty if the certificate stands for it. */
    public Optional<String> authorization() throws IOException {
        if (certificate.isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of("Bearer " + Files.readString(tokenFile).strip());
        } catch (IOException e) {
            throw new IOException("the link token cannot be read from " + tokenFile + " (seed.tokenFile): " + e, e);
        }
    }

    /** What the Seed refuses when it does not let this node in, and what to do. */
    public String credential() {
        return certificate.isPresent()
                ? "the certificate in " + certificate.get().own().certificate()
                        + " (seed.certificate): ./protoplex join makes another"
                : "the link token in " + tokenFile + " (seed.tokenFile): copy the token that the Seed has";
    }
}
