package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.files.PrivateFiles;
import com.google.rpc.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the datastore: whoever has the token, a file that only the node's user may read. In development also any program on this
 * machine, if no browser sent it and nobody passed it on.
 */
final class TokenCheck {

    private static final String BEARER = "Bearer ";
    private static final int RANDOM_BYTES = 24;

    private final byte[] digest;
    private final boolean development;

    TokenCheck(Path file, boolean development) throws IOException {
        if (Files.notExists(file)) {
            byte[] random = new byte[RANDOM_BYTES];
            new SecureRandom().nextBytes(random);
            PrivateFiles.replace(
                    file,
                    Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(random)
                            .getBytes(StandardCharsets.US_ASCII));
        }
        String token = Files.readString(file).strip();
        if (token.length() < RANDOM_BYTES) {
            throw new IOException(file + " has no token of at least " + RANDOM_BYTES
                    + " characters: remove it, and a new one is made at the next start");
        }
        digest = digest(token);
        this.development = development;
    }

    /** @throws RefusedException if it may not */
    void check(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (isGood(header) || (header == null && development && isLocal(request))) {
            return;
        }
        throw new RefusedException(
                Code.UNAUTHENTICATED,
                header == null
                        ? "a token is needed: send \"Authorization: Bearer TOKEN\" with the token of the node's datastore"
                        : "the token is not the one of this datastore");
    }

    private boolean isGood(@Nullable String header) {
        return header != null
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                // Of equal length whatever was sent, and compared to the end.
                && MessageDigest.isEqual(
                        digest, digest(header.substring(BEARER.length()).strip()));
    }

    private static boolean isLocal(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                && isLoopback(remote.getAddress())
                && !request.getHeaders().contains(HttpHeader.ORIGIN)
                && !request.getHeaders().contains(HttpHeader.FORWARDED)
                && !request.getHeaders().contains(HttpHeader.X_FORWARDED_FOR);
    }

    private static boolean isLoopback(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
