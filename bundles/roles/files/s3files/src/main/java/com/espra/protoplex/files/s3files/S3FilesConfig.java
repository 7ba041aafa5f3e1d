package com.espra.protoplex.files.s3files;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the role, which its feature carries. */
@ObjectClassDefinition(name = "Protoplex: files from a store of blobs")
public @interface S3FilesConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.s3files";

    /** Where files are served. */
    @AttributeDefinition(description = "Paths that end in /*: what is behind is the key of a file.")
    String[] protoplex_path() default "/files/*";

    /** For whom. */
    @AttributeDefinition(description = "Hosts: names, *.example.com, or * for all.")
    String[] protoplex_host() default "*";

    /** How much is kept. */
    @AttributeDefinition(description = "What the cache may take on the disk, in MiB.")
    int cacheMiB() default 1024;

    /** How long clients keep files. */
    @AttributeDefinition(description = "How long others may keep a file without asking again, in days; at least 30.")
    int maxAgeDays() default 30;

    /** How long nothing is compared. */
    @AttributeDefinition(
            description = "How long a cached file is served before it is compared with the store, in seconds.")
    int compareSeconds() default 3600;

    /** How long is waited. */
    @AttributeDefinition(
            description = "How long nothing may come of a file until the store counts as too slow, in seconds.")
    int patienceSeconds() default 10;
}
