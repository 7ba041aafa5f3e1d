package com.espra.protoplex.blob.file;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where blobs are kept; the feature of a unit that keeps blobs so carries it. */
@ObjectClassDefinition(name = "Protoplex: blobs on a disk")
public @interface FileBlobConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.blob.file";

    /** The folder. */
    @AttributeDefinition(
            description = "A folder; all nodes that see it have the same files. Empty: data/blobs of the node.")
    String folder() default "";

    /** What is left free. */
    @AttributeDefinition(description = "With less room on the disk, in MiB, nothing is written.")
    int reserveMiB() default 256;
}
