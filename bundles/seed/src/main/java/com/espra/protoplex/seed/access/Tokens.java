package com.espra.protoplex.seed.access;

import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.fleet.build.BuildException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer tokens (RFC 6750): those of the operator and of the nodes, which lie in files beside the fleet, and those that operators
 * made. Only their hashes are kept.
 */
public final class Tokens {

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final int TOKEN_BYTES = 32;
    private static final int MIN_CHARACTERS = 32;
    private static final String SCHEME = "bearer ";

    private final byte[] operator;
    private final byte[] link;
    private final OperatorTokens made;

    private Tokens(byte[] operator, byte[] link, OperatorTokens made) {
        this.operator = operator;
        this.link = link;
        this.made = made;
    }

    /**
     * Reads the tokens, and makes those that are missing (mode 0600).
     *
     * @throws IOException if a file cannot be read or made, or others may read it
     * @throws BuildException if it holds no token
     */
    public static Tokens of(Path operatorFile, Path linkFile, OperatorTokens made) throws IOException, BuildException {
        return new Tokens(sha256(token(operatorFile)), sha256(token(linkFile)), made);
    }

    private static String token(Path file) throws IOException, BuildException {
        if (Files.exists(file)
                && Files.readString(file, StandardCharsets.ISO_8859_1).isBlank()) {
            LOG.error("{} was empty, and is made anew", file);
            Files.delete(file);
        }
        if (!Files.exists(file)) {
            PrivateFiles.create(file, Secret.hex(TOKEN_BYTES) + "\n");
        }
        PrivateFiles.requirePrivate(file);
        String token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (token.length() < MIN_CHARACTERS || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new BuildException(
                    file + " holds no token of at least " + MIN_CHARACTERS + " characters",
                    "delete it, and a new one is made at the next start");
        }
        return token;
    }

    /** Whose token a request shows in its Authorization header; empty if nobody's. A wrong token takes as long as the right one. */
    public Optional<TokenHolder> holder(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String token = authorization.substring(SCHEME.length()).strip();
        byte[] given = sha256(token);
        boolean isOperator = MessageDigest.isEqual(given, operator);
        boolean isLink = MessageDigest.isEqual(given, link);
        if (isOperator) {
            return Optional.of(TokenHolder.OPERATOR);
        }
        return isLink ? Optional.of(TokenHolder.LINK) : made.holder(token);
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
