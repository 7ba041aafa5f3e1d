package com.espra.protoplex.files.upload;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the role, which its feature carries. */
@ObjectClassDefinition(name = "Protoplex: uploads")
public @interface UploadConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.upload";

    /** Where uploads are taken. */
    @AttributeDefinition(description = "One path that ends in /*.")
    String protoplex_path() default "/upload/*";

    /** For whom. */
    @AttributeDefinition(description = "Hosts: names, *.example.com, or * for all.")
    String[] protoplex_host() default "*";

    /** How long uploads are kept. */
    @AttributeDefinition(description = "How long an upload is kept that nobody goes on with, in hours.")
    int lifetimeHours() default 24;

    /** What is left free. */
    @AttributeDefinition(description = "With less room on the disk, in MiB, nothing is taken.")
    int reserveMiB() default 256;
}
