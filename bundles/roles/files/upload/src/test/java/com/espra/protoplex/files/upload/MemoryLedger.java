package com.espra.protoplex.files.upload;

import com.espra.protoplex.files.upload.ledger.TokenUsedException;
import com.espra.protoplex.files.upload.ledger.UploadLedger;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.ledger.UploadedFile;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the Datastore does, without one. */
final class MemoryLedger implements UploadLedger {

    final Map<String, UploadedFile> files = new ConcurrentHashMap<>();
    volatile boolean away;
    volatile boolean recordsNothing;
    volatile boolean isRefusing;
    volatile int attempts;
    private final Map<String, UploadToken> tokens = new ConcurrentHashMap<>();
    private final Set<String> recorded = ConcurrentHashMap.newKeySet();
    private final Map<String, String> used = new ConcurrentHashMap<>();

    private void requireThere() throws IOException {
        if (away) {
            throw new IOException("away");
        }
    }

    @Override
    public Optional<UploadToken> token(String id) throws IOException {
        requireThere();
        return Optional.ofNullable(tokens.get(id))
                .map(token -> new UploadToken(
                        token.id(),
                        token.owner(),
                        token.host(),
                        token.key(),
                        token.types(),
                        token.mostBytes(),
                        token.expires(),
                        token.single(),
                        used.getOrDefault(id, "")));
    }

    @Override
    public void create(UploadToken token) {
        tokens.put(token.id(), token);
    }

    @Override
    public boolean revoke(String id) {
        return tokens.remove(id) != null;
    }

    @Override
    public List<UploadToken> tokens() {
        return List.copyOf(tokens.values());
    }

    @Override
    public synchronized void record(UploadedFile file) throws IOException {
        requireThere();
        attempts++;
        if (recordsNothing) {
            throw new IOException("nothing is recorded now");
        }
        if (isRefusing) {
            throw new TokenUsedException("the token is used");
        }
        if (recorded.contains(file.upload())) {
            return;
        }
        if (!tokens.containsKey(file.token())) {
            throw new TokenUsedException("revoked");
        }
        if (tokens.get(file.token()).single()) {
            String by = used.putIfAbsent(file.token(), file.upload());
            if (by != null && !by.equals(file.upload())) {
                throw new TokenUsedException("used");
            }
        }
        recorded.add(file.upload());
        files.put(file.host() + "/" + file.key(), file);
    }

    @Override
    public void forget(Instant before) {
        // Nothing is old here.
    }
}
