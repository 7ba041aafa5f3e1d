package com.espra.protoplex.files.upload.ledger;

import com.google.cloud.Timestamp;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.Query;
import com.google.cloud.datastore.StringValue;
import com.google.cloud.datastore.StructuredQuery.PropertyFilter;
import com.google.cloud.datastore.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Tokens are entities of the kind {@code UploadToken}, by their ids; files of the kind {@code File}, by the SHA-256 of their host and key, because a
 * name of an entity may be shorter than a key.
 */
public final class DatastoreLedger implements UploadLedger {

    /** The kind of files. */
    public static final String FILE = "File";

    private static final String DONE = "UploadDone";

    private static final String TOKEN = "UploadToken";
    private static final int MOST_TOKENS = 100;
    private static final int MOST_FORGOTTEN = 400;
    private static final int ATTEMPTS = 5;

    private final Datastore datastore;

    /** In this datastore. */
    public DatastoreLedger(Datastore datastore) {
        this.datastore = datastore;
    }

    /** By what the entity of a file is named. */
    public static String fileName(String host, String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest((host + "/" + key).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Key key(String kind, String name) {
        return datastore.newKeyFactory().setKind(kind).newKey(name);
    }

    private interface Work<T> {

        T run() throws IOException;
    }

    private static <T> T asked(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (DatastoreException e) {
            throw new IOException("the Main Datastore did not do it: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<UploadToken> token(String id) throws IOException {
        return asked(() -> Optional.ofNullable(datastore.get(key(TOKEN, id))).map(DatastoreLedger::token));
    }

    private static UploadToken token(Entity entity) {
        return new UploadToken(
                entity.getKey().getName(),
                entity.getString("owner"),
                entity.getString("host"),
                entity.getString("key"),
                entity.<StringValue>getList("types").stream()
                        .map(StringValue::get)
                        .toList(),
                entity.getLong("mostBytes"),
                Instant.ofEpochSecond(entity.getTimestamp("expires").getSeconds()),
                entity.getBoolean("single"),
                entity.getString("usedBy"));
    }

    @Override
    public void create(UploadToken token) throws IOException {
        asked(() -> datastore.add(Entity.newBuilder(key(TOKEN, token.id()))
                .set("owner", token.owner())
                .set("host", token.host())
                .set("key", token.key())
                .set("types", token.types().stream().map(StringValue::of).toList())
                .set("mostBytes", token.mostBytes())
                .set("expires", Timestamp.ofTimeSecondsAndNanos(token.expires().getEpochSecond(), 0))
                .set("single", token.single())
                .set("usedBy", "")
                .build()));
    }

    @Override
    public boolean revoke(String id) throws IOException {
        return asked(() -> {
            boolean there = datastore.get(key(TOKEN, id)) != null;
            datastore.delete(key(TOKEN, id));
            return there;
        });
    }

    @Override
    public List<UploadToken> tokens() throws IOException {
        return asked(() -> {
            List<UploadToken> tokens = new ArrayList<>();
            datastore
                    .run(Query.newEntityQueryBuilder()
                            .setKind(TOKEN)
                            .setLimit(MOST_TOKENS)
                            .build())
                    .forEachRemaining(entity -> tokens.add(token(entity)));
            return tokens;
        });
    }

    @Override
    public void record(UploadedFile file) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                recordOnce(file);
                return;
            } catch (DatastoreException e) {
                // ABORTED: somebody else changed the token or the file at the same time.
                if (!"ABORTED".equals(e.getReason()) || attempt == ATTEMPTS) {
                    throw new IOException("the Main Datastore did not record the file: " + e.getMessage(), e);
                }
            }
        }
    }

    @Override
    public void forget(Instant before) throws IOException {
        asked(() -> {
            List<Key> old = new ArrayList<>();
            datastore
                    .run(Query.newKeyQueryBuilder()
                            .setKind(DONE)
                            .setFilter(PropertyFilter.lt(
                                    "recorded", Timestamp.ofTimeSecondsAndNanos(before.getEpochSecond(), 0)))
                            .setLimit(MOST_FORGOTTEN)
                            .build())
                    .forEachRemaining(old::add);
            if (!old.isEmpty()) {
                datastore.delete(old.toArray(Key[]::new));
            }
            return old.size();
        });
    }

    private void recordOnce(UploadedFile file) throws IOException {
        Transaction transaction = datastore.newTransaction();
        try {
            Key row = key(FILE, fileName(file.host(), file.key()));
            // Of each upload, and not of its file alone: that may be another one's since, which a repetition must not
            // undo.
            Key done = key(DONE, file.upload());
            if (transaction.get(done) != null) {
                return;
            }
            Entity token = transaction.get(key(TOKEN, file.token()));
            if (token == null) {
                throw new TokenUsedException("the token was revoked while the file came");
            }
            if (token.getBoolean("single")) {
                String usedBy = token.getString("usedBy");
                if (usedBy.equals(file.upload())) {
                    return; // By a program that did not write of each upload that it is done, or so long ago that this
                    // is gone.
                }
                if (!usedBy.isEmpty()) {
                    throw new TokenUsedException("the token is for one file, and was used by another upload");
                }
                transaction.put(
                        Entity.newBuilder(token).set("usedBy", file.upload()).build());
            }
            transaction.put(Entity.newBuilder(row)
                    .set("upload", file.upload())
                    .set("owner", file.owner())
                    .set("host", file.host())
                    .set("key", file.key())
                    .set("address", file.address())
                    .set("contentType", file.contentType())
                    .set("length", file.length())
                    .set("uploaded", Timestamp.now())
                    .build());
            transaction.put(
                    Entity.newBuilder(done).set("recorded", Timestamp.now()).build());
            transaction.commit();
        } finally {
            if (transaction.isActive()) {
                transaction.rollback();
            }
        }
    }
}
