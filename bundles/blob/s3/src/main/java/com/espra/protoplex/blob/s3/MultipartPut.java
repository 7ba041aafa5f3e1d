package com.espra.protoplex.blob.s3;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobProperties;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** A large blob on its way, one part at a time. What fails is aborted, so that its parts cost nothing. */
final class MultipartPut {

    private static final Logger LOG = LoggerFactory.getLogger(MultipartPut.class);

    private final S3Client client;
    private final String bucket;
    private final String object;
    private final BlobProperties properties;
    private final String damaged;

    /** @param damaged the tag of S3 of the object that it takes the place of; empty: there is none */
    MultipartPut(S3Client client, String bucket, String object, BlobProperties properties, String damaged) {
        this.client = client;
        this.bucket = bucket;
        this.object = object;
        this.properties = properties;
        this.damaged = damaged;
    }

    @Nullable
    String run(SaidBody body) throws BlobException {
        String upload = client.createMultipartUpload(create -> create.bucket(bucket)
                        .key(object)
                        .contentType(properties.contentType().isEmpty() ? null : properties.contentType())
                        .contentEncoding(properties.contentEncoding().isEmpty() ? null : properties.contentEncoding())
                        .metadata(S3Metadata.of(properties)))
                .uploadId();
        boolean done = false;
        try {
            List<CompletedPart> parts = parts(upload, body);
            body.requireEnd();
            String etag = client.completeMultipartUpload(complete -> complete.bucket(bucket)
                            .key(object)
                            .uploadId(upload)
                            .ifNoneMatch(damaged.isEmpty() ? "*" : null)
                            .ifMatch(damaged.isEmpty() ? null : damaged)
                            .overrideConfiguration(S3Objects::writes)
                            .multipartUpload(all -> all.parts(parts)))
                    .eTag();
            done = true;
            return etag;
        } finally {
            if (!done) {
                abort(upload);
            }
        }
    }

    private List<CompletedPart> parts(String upload, SaidBody body) throws BlobException {
        List<CompletedPart> parts = new ArrayList<>();
        long left = properties.length();
        while (left > 0) {
            byte[] bytes = body.next((int) Math.min(left, S3BlobStore.PART));
            int number = parts.size() + 1;
            String etag = client.uploadPart(
                            part -> part.bucket(bucket)
                                    .key(object)
                                    .uploadId(upload)
                                    .partNumber(number)
                                    .overrideConfiguration(S3Objects::writes),
                            RequestBody.fromBytes(bytes))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
            left -= bytes.length;
        }
        return parts;
    }

    private void abort(String upload) {
        try {
            client.abortMultipartUpload(
                    abort -> abort.bucket(bucket).key(object).uploadId(upload));
        } catch (SdkException e) {
            LOG.warn("the parts of {} stay in S3 until they are looked for again: {}", object, e.toString());
        }
    }
}
