package com.espra.protoplex.blob.s3;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobExistsException;
import com.espra.protoplex.api.blob.BlobNotFoundException;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an answer of S3 means for a blob. */
final class S3Failures {

    static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int EXISTS = 412;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private S3Failures() {}

    static BlobException of(String key, SdkException cause) {
        if (!(cause instanceof S3Exception answer)) {
            return new BlobUnavailableException(
                    "S3 does not answer for the blob '" + key + "': " + cause.getMessage(), cause);
        }
        int status = answer.statusCode();
        String code = code(answer);
        if (status == NOT_FOUND && !code.equals("NoSuchBucket")) {
            return new BlobNotFoundException("there is no blob '" + key + "'", cause);
        }
        if (status == EXISTS) {
            return new BlobExistsException(
                    "there is a blob '" + key + "' already, and it stays: delete it first", cause);
        }
        if (status == CONFLICT || status == TOO_MANY || status >= SERVER) {
            return new BlobUnavailableException(
                    "S3 answers " + status + " " + code + " for the blob '" + key + "': try again", cause);
        }
        return new BlobException(
                "S3 answers " + status + " " + code + " for the blob '" + key
                        + "': look at bucket, region and key of the configuration " + S3BlobConfig.PID,
                cause);
    }

    private static String code(S3Exception answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }
}
