package com.espra.protoplex.datastore.server.access;

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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the datastore: whoever has the first token, a file that only the node's user may read; whoever has a token that was made here;
 * and the roles of the fleet, of whom others see to it that they are. In development also any program on this machine, if no browser sent
 * it and nobody passed it on.
 */
public final class DataAccess {

    /** By which a program on this machine names it; a proxy that passes something on has another name for itself, or says so. */
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private static final Set<String> PASSED_ON =
            Set.of("Origin", "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP");

    private static final String BEARER = "Bearer ";
    private static final int RANDOM_BYTES = 24;
    private static final MessageDigest SHA_256 = sha256();

    private final byte[] digest;
    private final boolean isDevelopment;
    private final DataTokens tokens;
    private final DataCaller first = new DataCaller("first", DataScope.ALL);
    private final DataCaller fleet = new DataCaller("fleet", DataScope.ALL);
    private final DataCaller node = new DataCaller("node", DataScope.ALL);
    private final DataCaller development = new DataCaller("development", DataScope.ALL);
    /** By the digests of their tokens. */
    private final Map<String, DataCaller> callers = new ConcurrentHashMap<>();

    /**
     * In a folder of the datastore's own.
     *
     * @param isDevelopment whether programs on this machine need no token
     * @throws IOException if what is in it cannot be read
     */
    public DataAccess(Path folder, boolean isDevelopment) throws IOException {
        digest = digest(first(folder.resolve("token")));
        tokens = new DataTokens(folder.resolve("tokens.json"));
        this.isDevelopment = isDevelopment;
    }

    private static String first(Path file) throws IOException {
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
        return token;
    }

    /** The tokens besides the first one. */
    public DataTokens tokens() {
        return tokens;
    }

    /** Whether programs on this machine need no token. */
    public boolean isDevelopment() {
        return isDevelopment;
    }

    /** The roles of the fleet. Who calls this knows that it is one of them. */
    public DataCaller fleet() {
        return fleet;
    }

    /** The other units of this node. Who calls this knows that it is one of them. */
    public DataCaller node() {
        return node;
    }

    /** Who has the first token. */
    public DataCaller first() {
        return first;
    }

    /** Who has sent this token, as far as it has come since the store was opened. */
    public DataCaller of(DataToken token) {
        return callers.computeIfAbsent(token.digest(), _ -> new DataCaller(token.id(), token.scope()));
    }

    /**
     * Who asks.
     *
     * @throws RefusedException if nobody that is known
     */
    public DataCaller check(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header == null) {
            if (isDevelopment && isLocal(request)) {
                return development;
            }
            throw new RefusedException(
                    Code.UNAUTHENTICATED,
                    "a token is needed: send \"Authorization: Bearer TOKEN\" with a token of this datastore");
        }
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            String sent = header.substring(BEARER.length()).strip();
            // Of equal length whatever was sent, and compared to the end.
            if (MessageDigest.isEqual(digest, digest(sent))) {
                return first;
            }
            var token = tokens.find(sent);
            if (token.isPresent()) {
                return of(token.get());
            }
        }
        throw new RefusedException(
                Code.UNAUTHENTICATED, "the token is none of this datastore, or was revoked: ds:token list shows them");
    }

    private static boolean isLocal(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                && isLoopback(remote.getAddress())
                && THIS_MACHINE.contains(Request.getServerName(request))
                && PASSED_ON.stream().noneMatch(request.getHeaders()::contains);
    }

    private static boolean isLoopback(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] digest(String token) {
        try {
            // A search through the providers for each request took a twentieth of its time.
            return ((MessageDigest) SHA_256.clone()).digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
