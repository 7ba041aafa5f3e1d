package com.espra.protoplex.blob.s3;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where blobs are kept, if a unit has this configuration. */
@ObjectClassDefinition(name = "Protoplex: blobs in S3")
public @interface S3BlobConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.blob.s3";

    /** The bucket. */
    @AttributeDefinition(description = "The bucket, which must be there.")
    String bucket();

    /** What keys begin with. */
    @AttributeDefinition(description = "What the keys of all blobs begin with in the bucket; may be empty.")
    String prefix() default "";

    /** The region. */
    @AttributeDefinition(description = "The region, such as us-east-1.")
    String region() default "us-east-1";

    /** Another server. */
    @AttributeDefinition(description = "The URL of another server that speaks S3; empty: Amazon's.")
    String endpoint() default "";

    /** How buckets are named. */
    @AttributeDefinition(
            description = "Whether the bucket is in the path instead of the host, as other servers want it.")
    boolean pathStyle() default false;

    /** Who asks. */
    @AttributeDefinition(
            description = "The id of the key; empty: as Amazon's clients find it: environment, profile, machine.")
    String accessKeyId() default "";

    /** The key. */
    @AttributeDefinition(type = AttributeType.PASSWORD, description = "The secret of the key.")
    String secretAccessKey() default "";

    /** How long is waited. */
    @AttributeDefinition(description = "How long a connection may be silent, in seconds.")
    int silentSeconds() default 10;
}
