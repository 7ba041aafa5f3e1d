package com.espra.protoplex.datastore.server.access;

import com.espra.protoplex.files.PrivateFiles;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/** {@code tokens.json}: the key that tokens are signed with, and what of each is kept. A member that is not known is left out. */
final class TokenFile {

    private static final int KEY_BYTES = 32;
    private static final String NAMESPACE = "namespace";

    private final Path file;

    TokenFile(Path file) {
        this.file = file;
    }

    /** What is in it. */
    @SuppressWarnings("ArrayRecordComponent") // A key, which nobody compares.
    record Content(byte[] key, List<DataToken> tokens) {}

    /** Reads it, and makes it if there is none. */
    Content read(SecureRandom random) throws IOException {
        if (Files.notExists(file)) {
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            Content made = new Content(key, List.of());
            write(key, made.tokens);
            return made;
        }
        PrivateFiles.requirePrivate(file);
        try {
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            byte[] key = Base64.getDecoder().decode(json.get("key").getAsString());
            if (key.length != KEY_BYTES) {
                throw new IllegalStateException("its key has " + key.length + " bytes");
            }
            List<DataToken> tokens = new ArrayList<>();
            for (JsonElement each : json.getAsJsonArray("tokens")) {
                tokens.add(token(each.getAsJsonObject()));
            }
            return new Content(key, tokens);
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | DateTimeException e) {
            throw new IOException(
                    file + " cannot be read: bring it back from a backup, or move it away: no token that was made"
                            + " with it is good then",
                    e);
        }
    }

    private static DataToken token(JsonObject json) {
        String digest = json.get("digest").getAsString();
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalStateException("a digest is none");
        }
        return new DataToken(
                digest,
                DataScope.of(
                        json.get("scopes").getAsString(),
                        json.has(NAMESPACE) ? json.get(NAMESPACE).getAsString() : null),
                json.get("note").getAsString(),
                Instant.parse(json.get("created").getAsString()));
    }

    void write(byte[] key, Collection<DataToken> tokens) throws IOException {
        JsonArray all = new JsonArray();
        for (DataToken each : tokens) {
            JsonObject one = new JsonObject();
            one.addProperty("digest", each.digest());
            one.addProperty("scopes", each.scope().rights());
            if (each.scope().namespace() != null) {
                one.addProperty(NAMESPACE, each.scope().namespace());
            }
            one.addProperty("note", each.note());
            one.addProperty("created", each.created().toString());
            all.add(one);
        }
        JsonObject json = new JsonObject();
        json.addProperty("key", Base64.getEncoder().encodeToString(key));
        json.add("tokens", all);
        PrivateFiles.replace(file, json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
