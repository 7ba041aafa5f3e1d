package com.espra.protoplex.files.vhostfiles;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the role, which its feature carries. */
@ObjectClassDefinition(name = "Protoplex: files of hosts by their names")
public @interface VhostFilesConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.vhostfiles";

    /** Where files are served. */
    @AttributeDefinition(description = "Paths: / for whatever nobody else claims. The whole path is the key of a file.")
    String[] protoplex_path() default "/";

    /** For whom. */
    @AttributeDefinition(
            description =
                    "Hosts that come here: names, *.example.com, or * for all. Which of them are served is said by"
                            + " files:host.")
    String[] protoplex_host() default "*";

    /** How long clients keep files. */
    @AttributeDefinition(description = "How long others may keep a file without asking again, in days; at least 30.")
    int maxAgeDays() default 30;

    /** How much is remembered. */
    @AttributeDefinition(description = "What may be kept in memory of names, in MiB.")
    int namesMiB() default 32;
}
