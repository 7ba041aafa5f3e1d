package com.espra.protoplex.blob.s3;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobExistsException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobKeys;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobPage;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.api.blob.OpenBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Blobs as objects of a bucket. An object is made with the condition that there is none ({@code If-None-Match: *}), in one request if it is small,
 * else in parts, which are of no use until the last request joins them.
 */
public final class S3BlobStore implements BlobStore {

    /** Also the size of a part. */
    static final int PART = 8 << 20;

    private static final int PUTS_AT_ONCE = 8;
    private static final int ATTEMPTS = 4;

    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final Semaphore puts = new Semaphore(PUTS_AT_ONCE);

    /**
     * In a bucket.
     *
     * @param prefix what the keys of all objects begin with; may be empty
     */
    public S3BlobStore(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    @Override
    public BlobInfo head(String key) throws BlobException {
        String object = prefix + BlobKeys.require(key);
        try {
            HeadObjectResponse answer =
                    client.headObject(head -> head.bucket(bucket).key(object));
            return S3Metadata.info(
                    key,
                    answer.contentType(),
                    answer.contentEncoding(),
                    answer.contentLength(),
                    answer.metadata(),
                    answer.eTag(),
                    answer.lastModified());
        } catch (SdkException e) {
            throw S3Failures.of(key, e);
        }
    }

    @Override
    public OpenBlob open(String key, long from, long length) throws BlobException {
        String object = prefix + BlobKeys.require(key);
        if (length == 0) {
            return new OpenObject(head(key), InputStream.nullInputStream(), 0);
        }
        boolean isWhole = from == 0 && length == Long.MAX_VALUE;
        long end = length > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + length;
        String range = "bytes=" + from + "-" + (end == Long.MAX_VALUE ? "" : end - 1);
        try {
            return opened(
                    key, client.getObject(get -> get.bucket(bucket).key(object).range(isWhole ? null : range)));
        } catch (S3Exception e) {
            if (e.statusCode() == 416) {
                return new OpenObject(head(key), InputStream.nullInputStream(), 0);
            }
            throw S3Failures.of(key, e);
        } catch (SdkException e) {
            throw S3Failures.of(key, e);
        }
    }

    /** Whatever comes of it: an object that is not read keeps no connection. */
    private static OpenBlob opened(String key, ResponseInputStream<GetObjectResponse> body) throws BlobException {
        boolean opened = false;
        try {
            GetObjectResponse answer = body.response();
            BlobInfo info = S3Metadata.info(
                    key,
                    answer.contentType(),
                    answer.contentEncoding(),
                    wholeLength(answer),
                    answer.metadata(),
                    answer.eTag(),
                    answer.lastModified());
            OpenBlob blob = new OpenObject(info, body, answer.contentLength());
            opened = true;
            return blob;
        } finally {
            if (!opened) {
                body.abort();
            }
        }
    }

    private static long wholeLength(GetObjectResponse answer) {
        String range = answer.contentRange();
        return range == null ? answer.contentLength() : Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
    }

    @Override
    public BlobInfo put(String key, BlobProperties properties, InputStream body) throws BlobException {
        BlobKeys.require(key);
        String damaged = damaged(key);
        try {
            puts.acquire(); // Each has a part in memory.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlobUnavailableException("interrupted: this node is stopping", e);
        }
        try {
            SaidBody said = new SaidBody(properties, body);
            String etag = properties.length() <= PART
                    ? putAtOnce(key, properties, damaged, said)
                    : new MultipartPut(client, bucket, prefix + key, properties, damaged).run(said);
            return S3Metadata.info(
                    key,
                    properties.contentType(),
                    properties.contentEncoding(),
                    properties.length(),
                    S3Metadata.of(properties),
                    etag,
                    Instant.now());
        } catch (SdkException e) {
            throw S3Failures.of(key, e);
        } finally {
            puts.release();
        }
    }

    /**
     * The tag of an object that makes way because it is damaged; empty if there is none. It is read through, because whoever hears that it exists
     * throws his own bytes away.
     *
     * @throws BlobExistsException if there is a whole one
     */
    private String damaged(String key) throws BlobException {
        String tag;
        try {
            tag = String.valueOf(client.headObject(head -> head.bucket(bucket).key(prefix + key))
                    .eTag());
        } catch (SdkException e) {
            BlobException failure = S3Failures.of(key, e);
            if (failure instanceof BlobNotFoundException) {
                return "";
            }
            throw failure;
        }
        try (OpenBlob blob = open(key, 0, Long.MAX_VALUE)) {
            blob.body().transferTo(OutputStream.nullOutputStream());
        } catch (BlobNotFoundException e) {
            return "";
        } catch (BlobDamagedException e) {
            return tag;
        } catch (BlobException e) {
            throw e;
        } catch (IOException e) {
            throw new BlobUnavailableException("the blob '" + key + "' cannot be read: " + e.getMessage(), e);
        }
        throw new BlobExistsException("there is a blob '" + key + "' already, and it stays: delete it first");
    }

    private @Nullable String putAtOnce(String key, BlobProperties properties, String damaged, SaidBody body)
            throws BlobException {
        byte[] bytes = body.next((int) properties.length());
        body.requireEnd();
        for (int attempt = 1; ; attempt++) {
            try {
                return client.putObject(
                                put -> put.bucket(bucket)
                                        .key(prefix + key)
                                        .ifNoneMatch(damaged.isEmpty() ? "*" : null)
                                        .ifMatch(damaged.isEmpty() ? null : damaged)
                                        .overrideConfiguration(S3Objects::writes)
                                        .contentType(
                                                properties.contentType().isEmpty() ? null : properties.contentType())
                                        .contentEncoding(
                                                properties.contentEncoding().isEmpty()
                                                        ? null
                                                        : properties.contentEncoding())
                                        .metadata(S3Metadata.of(properties)),
                                RequestBody.fromBytes(bytes))
                        .eTag();
            } catch (S3Exception e) {
                // Another one is making it at this moment: the next attempt finds it, or makes it.
                if (e.statusCode() != S3Failures.CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void delete(String key) throws BlobException {
        String object = prefix + BlobKeys.require(key);
        try {
            client.deleteObject(delete -> delete.bucket(bucket).key(object));
        } catch (SdkException e) {
            throw S3Failures.of(key, e);
        }
    }

    @Override
    public BlobPage list(String prefix, String after, int most) throws BlobException {
        String all = this.prefix;
        try {
            ListObjectsV2Response answer = client.listObjectsV2(list -> list.bucket(bucket)
                    .prefix(all + prefix)
                    .startAfter(after.isEmpty() ? null : all + after)
                    .maxKeys(most));
            List<String> keys = answer.contents().stream()
                    .map(S3Object::key)
                    .map(key -> key.substring(all.length()))
                    .toList();
            return new BlobPage(keys, Boolean.TRUE.equals(answer.isTruncated()));
        } catch (SdkException e) {
            throw S3Failures.of(prefix, e);
        }
    }
}
