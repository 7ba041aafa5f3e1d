package com.espra.protoplex.datastore.server.access;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that were made here. One that is revoked is good for no request that comes later.
 *
 * <p>Threads: safe from any; a request reads one volatile field.
 */
public final class DataTokens {

    private static final Logger LOG = LoggerFactory.getLogger(DataTokens.class);
    private static final int MOST = 1_000;
    private static final int LONGEST_NOTE = 200;

    private final SecureRandom random = new SecureRandom();
    private final TokenFile file;
    private final byte[] key;
    private volatile Map<String, DataToken> byDigest;

    /** @throws IOException if the file cannot be read or made */
    DataTokens(Path path) throws IOException {
        file = new TokenFile(path);
        TokenFile.Content content = file.read(random);
        key = content.key();
        Map<String, DataToken> all = new HashMap<>();
        content.tokens().forEach(each -> all.put(each.digest(), each));
        byDigest = Map.copyOf(all);
    }

    /** The token that somebody has sent, if it was made here and is not revoked. */
    Optional<DataToken> find(String text) {
        return SignedToken.read(key, text).map(each -> byDigest.get(each.digest()));
    }

    /** The oldest first. */
    public List<DataToken> all() {
        return byDigest.values().stream()
                .sorted(Comparator.comparing(DataToken::created).thenComparing(DataToken::digest))
                .toList();
    }

    /**
     * Makes one, which is in the file when this returns.
     *
     * @return what its caller sends; it is not kept, so nobody can be told it again
     * @throws IllegalArgumentException if there are too many, or the note is too long
     */
    public synchronized String create(DataScope scope, String note) throws IOException {
        if (byDigest.size() >= MOST) {
            throw new IllegalArgumentException("there are " + MOST + " tokens: revoke those that nobody uses");
        }
        if (note.length() > LONGEST_NOTE) {
            throw new IllegalArgumentException("a note has at most " + LONGEST_NOTE + " characters");
        }
        SignedToken made = SignedToken.mint(key, random);
        DataToken token =
                new DataToken(made.digest(), scope, note, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        if (isTaken(token.id())) {
            return create(scope, note);
        }
        Map<String, DataToken> next = new HashMap<>(byDigest);
        next.put(token.digest(), token);
        keep(next);
        LOG.info("token {} was made", token.id());
        return made.text();
    }

    private boolean isTaken(String id) {
        return byDigest.values().stream().anyMatch(each -> each.id().equals(id));
    }

    /**
     * Takes one back.
     *
     * @param id as {@link DataToken#id} has it
     * @return whether there was one
     */
    public synchronized boolean revoke(String id) throws IOException {
        Map<String, DataToken> next = new HashMap<>(byDigest);
        if (!next.values().removeIf(each -> each.id().equals(id))) {
            return false;
        }
        keep(next);
        LOG.info("token {} was revoked", id);
        return true;
    }

    private void keep(Map<String, DataToken> next) throws IOException {
        Collection<DataToken> tokens = next.values();
        file.write(key, tokens);
        byDigest = Map.copyOf(next);
    }
}
