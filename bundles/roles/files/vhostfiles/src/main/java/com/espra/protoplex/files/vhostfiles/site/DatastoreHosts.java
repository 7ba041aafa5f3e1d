package com.espra.protoplex.files.vhostfiles.site;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hosts are entities of the kind {@code FileHost}, by their names. Files are those of the kind {@code File} that uploads record, by the SHA-256 of
 * their host and key.
 */
public final class DatastoreHosts implements HostLedger {

    private static final String HOST = "FileHost";
    private static final String FILE = "File";
    private static final int MOST_HOSTS = 1000;

    private final Datastore datastore;

    /** In this datastore. */
    public DatastoreHosts(Datastore datastore) {
        this.datastore = datastore;
    }

    private static <T> T asked(Supplier<T> work) throws IOException {
        try {
            return work.get();
        } catch (DatastoreException e) {
            throw new IOException("the Main Datastore did not do it: " + e.getMessage(), e);
        }
    }

    private Key key(String kind, String name) {
        return datastore.newKeyFactory().setKind(kind).newKey(name);
    }

    private static String fileName(String host, String key) {
        try {
            byte[] name = (host + "/" + key).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Optional<HostRow> first(List<String> patterns) throws IOException {
        return asked(() -> {
            List<Key> keys =
                    patterns.stream().map(pattern -> key(HOST, pattern)).toList();
            return datastore.fetch(keys).stream()
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(DatastoreHosts::host);
        });
    }

    private static HostRow host(Entity entity) {
        return new HostRow(
                entity.getKey().getName(),
                entity.getString("aliasOf"),
                entity.getString("index"),
                entity.getString("notFound"));
    }

    @Override
    public List<HostRow> hosts() throws IOException {
        return asked(() -> {
            List<HostRow> hosts = new ArrayList<>();
            datastore
                    .run(Query.newEntityQueryBuilder()
                            .setKind(HOST)
                            .setLimit(MOST_HOSTS)
                            .build())
                    .forEachRemaining(entity -> hosts.add(host(entity)));
            return hosts;
        });
    }

    @Override
    public void put(HostRow host) throws IOException {
        asked(() -> datastore.put(Entity.newBuilder(key(HOST, host.host()))
                .set("aliasOf", host.aliasOf())
                .set("index", host.index())
                .set("notFound", host.notFound())
                .build()));
    }

    @Override
    public boolean remove(String host) throws IOException {
        return removed(HOST, host);
    }

    private boolean removed(String kind, String name) throws IOException {
        return asked(() -> {
            Key key = key(kind, name);
            boolean there = datastore.get(key) != null;
            datastore.delete(key);
            return there;
        });
    }

    @Override
    public Optional<StoredFile> file(String host, String key) throws IOException {
        return asked(() -> Optional.ofNullable(datastore.get(key(FILE, fileName(host, key))))
                .map(entity -> new StoredFile(
                        entity.getString("address"),
                        entity.getString("contentType"),
                        Instant.ofEpochSecond(entity.getTimestamp("uploaded").getSeconds()))));
    }

    @Override
    public boolean removeFile(String host, String key) throws IOException {
        return removed(FILE, fileName(host, key));
    }
}
