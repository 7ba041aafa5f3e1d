package com.espra.protoplex.blob.s3;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Parts of blobs whose process was killed before it joined them: they cost money, and nobody sees them. */
final class OrphanedParts {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanedParts.class);

    /** No upload takes longer. */
    private static final Duration OLD = Duration.ofDays(2);

    private OrphanedParts() {}

    /**
     * Aborts the old ones; what fails is tried again by the next start. Without a prefix nobody knows whose they are: then none.
     *
     * @return how many
     */
    static int abort(S3Client client, String bucket, String prefix, Instant now) {
        if (prefix.isEmpty()) {
            LOG.info("old parts in the bucket {} are left alone: without a prefix they may be others'", bucket);
            return 0;
        }
        int aborted = 0;
        try {
            for (MultipartUpload upload : client.listMultipartUploadsPaginator(
                            list -> list.bucket(bucket).prefix(prefix))
                    .uploads()) {
                if (upload.initiated() != null && upload.initiated().isBefore(now.minus(OLD))) {
                    client.abortMultipartUpload(
                            abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
                    aborted++;
                }
            }
        } catch (SdkException e) {
            LOG.warn("old parts in the bucket {} are not looked for: {}", bucket, e.toString());
        }
        return aborted;
    }
}
