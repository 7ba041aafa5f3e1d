package com.espra.protoplex.files.s3files.cache;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobPage;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.api.blob.OpenBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A store that counts what it is asked for, and fails or waits as it is told to. */
public final class MemoryStore implements BlobStore {

    /** With one digit of a day. */
    public static final Instant MODIFIED = Instant.parse("2023-11-04T22:13:20Z");

    public final AtomicInteger opens = new AtomicInteger();
    public final AtomicInteger heads = new AtomicInteger();
    /** After so many bytes of a body it breaks, for so many times. */
    public final AtomicInteger breaks = new AtomicInteger();

    public volatile int breakAfter;
    public volatile boolean away;
    /** Whoever reads a body as a whole hears before its end that it is damaged. */
    public volatile boolean damaged;
    /** Each read of a body takes one of those that there are when it is opened. */
    public volatile Semaphore reads = new Semaphore(Integer.MAX_VALUE);
    /** Each call takes one before it is answered. */
    public volatile Semaphore answers = new Semaphore(Integer.MAX_VALUE);

    private final Map<String, BlobInfo> infos = new ConcurrentHashMap<>();
    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
    private final AtomicLong tags = new AtomicLong();

    public void set(String key, String type, byte[] body) {
        set(key, BlobProperties.of(type, body.length), body);
    }

    public void set(String key, BlobProperties properties, byte[] body) {
        bodies.put(key, body);
        infos.put(key, new BlobInfo(key, properties, "t" + tags.incrementAndGet(), MODIFIED));
    }

    @Override
    public BlobInfo head(String key) throws BlobException {
        heads.incrementAndGet();
        return find(key);
    }

    private BlobInfo find(String key) throws BlobException {
        answers.acquireUninterruptibly();
        if (away) {
            throw new BlobUnavailableException("away");
        }
        BlobInfo info = infos.get(key);
        if (info == null) {
            throw new BlobNotFoundException("no " + key);
        }
        return info;
    }

    @Override
    public OpenBlob open(String key, long from, long length) throws BlobException {
        opens.incrementAndGet();
        BlobInfo info = find(key);
        byte[] all = bodies.get(key);
        ByteArrayInputStream part =
                new ByteArrayInputStream(all, (int) from, (int) Math.min(length, all.length - from));
        boolean breaking = breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        return new OpenBlob() {
            @Override
            public BlobInfo info() {
                return info;
            }

            @Override
            public InputStream body() {
                return new InputStream() {
                    private final Semaphore gate = reads;
                    private int given;

                    @Override
                    public int read() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public int read(byte[] into, int at, int count) throws IOException {
                        gate.acquireUninterruptibly();
                        if (breaking && given >= breakAfter) {
                            throw new BlobUnavailableException("it broke");
                        }
                        if (damaged && from == 0 && count >= part.available()) {
                            throw new BlobDamagedException("it is damaged");
                        }
                        int some = part.read(into, at, breaking ? Math.min(count, breakAfter - given) : count);
                        given += Math.max(0, some);
                        return some;
                    }
                };
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public BlobInfo put(String key, BlobProperties properties, InputStream body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String key) {
        infos.remove(key);
    }

    @Override
    public BlobPage list(String prefix, String after, int most) {
        return new BlobPage(List.of(), false);
    }
}
