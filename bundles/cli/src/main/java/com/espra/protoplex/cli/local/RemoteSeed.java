package com.espra.protoplex.cli.local;

import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.SeedTls;
import com.espra.protoplex.cli.CliException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A Seed on another machine.
 *
 * @param url {@code https://host:port}
 * @param trust says that it is the right one
 */
public record RemoteSeed(String url, FleetTrust trust) {

    private static final String SHA256 = "sha256:";
    private static final int LARGEST_PORT = 65_535;

    /**
     * The Seed that was typed.
     *
     * @param url as it was typed
     * @param authority a file with the certificate of its authority, or {@code sha256:} and the digest of that one's key
     * @throws CliException with status 2 if one of them cannot be
     */
    public static RemoteSeed of(String url, String authority, Path workingDirectory) throws IOException {
        if (!url.startsWith("https://") || !isAddress(url.substring("https://".length()))) {
            throw CliException.usage(
                    "'" + url + "' is not the address of a Seed", "say --seed https://HOST:8061, as `up` prints it");
        }
        if (authority.startsWith(SHA256)) {
            String digest = authority.substring(SHA256.length());
            if (!KeyDigest.isWellFormed(digest)) {
                throw CliException.usage(
                        "--ca " + authority + " is no digest",
                        "say sha256: and 64 hexadecimal digits, as `up` prints it");
            }
            return new RemoteSeed(url, new FleetTrust(digest));
        }
        return new RemoteSeed(url, trust(workingDirectory.resolve(authority)));
    }

    /** Whether it is {@code host:port}. */
    public static boolean isAddress(String address) {
        try {
            URI uri = URI.create("https://" + address);
            return uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() <= LARGEST_PORT
                    && uri.getRawAuthority().equals(address);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Who is of the fleet whose authority has its certificate in this file.
     *
     * @throws CliException with status 2 if it cannot be read
     */
    public static FleetTrust trust(Path file) throws IOException {
        try {
            return new FleetTrust(KeyDigest.of(
                    CertificateChain.read(Files.readString(file, StandardCharsets.ISO_8859_1))[0].getPublicKey()));
        } catch (IOException e) {
            throw CliException.usage(
                    "the certificate of the fleet's authority cannot be read from " + file + ": " + e.getMessage(),
                    "copy ca/ca.crt of the fleet's folder on the Seed's machine, or say --ca sha256:DIGEST");
        }
    }

    /** The TLS of a connection that shows a token. */
    public SSLContext tls() throws IOException {
        return SeedTls.context(trust, Optional.empty(), InstantSource.system());
    }
}
