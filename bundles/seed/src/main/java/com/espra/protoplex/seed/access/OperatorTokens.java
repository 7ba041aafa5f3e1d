package com.espra.protoplex.seed.access;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.SetAside;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The tokens that operators made, in one file that is replaced as a whole. A token is {@code protoplex_ID_SECRET}.
 *
 * <p>Threads: safe from any. Whoever asks for a holder never waits for the disk.
 */
public final class OperatorTokens {

    /** How many there may be. */
    public static final int MAX = 1000;

    private static final String PREFIX = "protoplex_";
    private static final int ID_CHARACTERS = 8;
    private static final int SECRET_BYTES = 32;

    private final Path file;
    private final InstantSource clock;
    private volatile Map<String, OperatorToken> tokens;

    /**
     * A token that was made.
     *
     * @param token what is kept of it
     * @param secret the token itself: shown once, and kept by nobody here
     */
    public record Made(OperatorToken token, String secret) {}

    /** What is in the file. */
    record Content(List<OperatorToken> tokens) {}

    private OperatorTokens(Path file, InstantSource clock, Map<String, OperatorToken> tokens) {
        this.file = file;
        this.clock = clock;
        this.tokens = Map.copyOf(tokens);
    }

    /**
     * Reads the tokens. A file that is damaged is set aside: its tokens are refused from then on.
     *
     * @param warnings is told what was damaged
     * @throws IOException if the file cannot be read
     */
    public static OperatorTokens in(Path file, InstantSource clock, Consumer<String> warnings) throws IOException {
        Map<String, OperatorToken> tokens = new TreeMap<>();
        if (Files.exists(file)) {
            try {
                Content content = Json.OTHER_VERSION.readValue(file.toFile(), Content.class);
                content.tokens().forEach(token -> tokens.put(token.id(), token));
            } catch (JsonProcessingException | RuntimeException e) {
                tokens.clear();
                warnings.accept(file.getFileName() + " was damaged and is set aside as " + SetAside.move(file)
                        + ". The tokens in it are refused: make new ones with ./protoplex token create");
            }
        }
        return new OperatorTokens(file, clock, tokens);
    }

    /**
     * Makes a token.
     *
     * @param name what it is for
     * @param ttl how long it is good; zero for ever
     * @param by who asks for it
     * @throws FleetException if there are too many
     * @throws IOException if it cannot be made durable; there is no such token then
     */
    public synchronized Made create(String name, Scope scope, Duration ttl, String by)
            throws IOException, FleetException {
        Instant now = clock.instant();
        Map<String, OperatorToken> next = new TreeMap<>(tokens);
        next.values().removeIf(token -> isOver(token, now));
        if (next.size() >= MAX) {
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    "there are " + MAX + " tokens already",
                    "revoke those that nobody needs: ./protoplex token list");
        }
        String id = Secret.hex(ID_CHARACTERS / 2);
        while (tokens.containsKey(id)) {
            id = Secret.hex(ID_CHARACTERS / 2);
        }
        String secret = PREFIX + id + "_" + Secret.hex(SECRET_BYTES);
        OperatorToken made = new OperatorToken(
                id,
                name,
                scope,
                HexFormat.of().formatHex(Tokens.sha256(secret)),
                now,
                by,
                ttl.isZero() ? Instant.MAX : now.plus(ttl));
        next.put(id, made);
        save(next);
        return new Made(made, secret);
    }

    /**
     * Ends a token, at once.
     *
     * @throws FleetException if there is none with this id
     * @throws IOException if that cannot be made durable; the token stays good then
     */
    public synchronized OperatorToken revoke(String id) throws IOException, FleetException {
        Map<String, OperatorToken> next = new TreeMap<>(tokens);
        OperatorToken revoked = next.remove(id);
        if (revoked == null) {
            throw new FleetException(
                    FleetException.Kind.NOT_FOUND,
                    "there is no token " + id,
                    "./protoplex token list shows what there is");
        }
        save(next);
        return revoked;
    }

    /** Those that are good, the oldest first. */
    public List<OperatorToken> all() {
        Instant now = clock.instant();
        List<OperatorToken> all = new ArrayList<>(tokens.values());
        all.removeIf(token -> isOver(token, now));
        all.sort(Comparator.comparing(OperatorToken::created).thenComparing(OperatorToken::id));
        return all;
    }

    /** Whose token it is; empty if nobody's, or if it has expired. */
    Optional<TokenHolder> holder(String given) {
        int end = PREFIX.length() + ID_CHARACTERS;
        if (!given.startsWith(PREFIX) || given.length() <= end) {
            return Optional.empty();
        }
        OperatorToken token = tokens.get(given.substring(PREFIX.length(), end));
        if (token == null
                || !MessageDigest.isEqual(Tokens.sha256(given), HexFormat.of().parseHex(token.sha256()))
                || isOver(token, clock.instant())) {
            return Optional.empty();
        }
        return Optional.of(token.holder());
    }

    private static boolean isOver(OperatorToken token, Instant now) {
        return !now.isBefore(token.expires());
    }

    private void save(Map<String, OperatorToken> next) throws IOException {
        Disk.replace(file, Json.MAPPER.writeValueAsBytes(new Content(List.copyOf(next.values()))));
        tokens = Map.copyOf(next);
    }
}
