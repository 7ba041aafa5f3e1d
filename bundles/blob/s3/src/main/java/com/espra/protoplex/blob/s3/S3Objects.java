package com.espra.protoplex.blob.s3;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes Amazon's client, with every setting that matters said. */
final class S3Objects {

    private static final int CONNECTIONS = 256;
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** As often as Amazon's client tries by itself. */
    private static final int ATTEMPTS = 3;
    /** A part may go over a slow line. */
    private static final Duration WRITE = Duration.ofMinutes(5);

    private S3Objects() {}

    /** For what sends bytes, or has S3 join them: more time than for a question. */
    static void writes(AwsRequestOverrideConfiguration.Builder override) {
        override.apiCallAttemptTimeout(WRITE).apiCallTimeout(WRITE.multipliedBy(ATTEMPTS));
    }

    static S3Client client(S3BlobConfig config) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(config.region()))
                .forcePathStyle(config.pathStyle())
                // What the SDK does by itself since 2025, trailers with checksums, other servers do not understand.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                // Until an answer begins; its body is bounded by the silence of its connection.
                .overrideConfiguration(all -> all.apiCallAttemptTimeout(attempt(config))
                        .apiCallTimeout(attempt(config).multipliedBy(ATTEMPTS)))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(CONNECT)
                        .socketTimeout(Duration.ofSeconds(config.silentSeconds())));
        if (!config.endpoint().isBlank()) {
            builder.endpointOverride(URI.create(config.endpoint().strip()));
        }
        if (config.accessKeyId().isBlank()) {
            builder.credentialsProvider(DefaultCredentialsProvider.builder().build());
        } else {
            builder.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(config.accessKeyId(), config.secretAccessKey())));
        }
        return builder.build();
    }

    private static Duration attempt(S3BlobConfig config) {
        return CONNECT.multipliedBy(2).plusSeconds(config.silentSeconds());
    }
}
