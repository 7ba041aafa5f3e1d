package com.espra.protoplex.files.appfiles;

import com.espra.protoplex.files.appfiles.asset.AssetMaker;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the unit that has the bundle. */
@ObjectClassDefinition(name = "Protoplex: assets of a build")
public @interface AppFilesConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.appfiles";

    /** For whom. */
    @AttributeDefinition(description = "Hosts: names, *.example.com, or * for all.")
    String[] protoplex_host() default "*";

    /** How long clients keep what has no hash in its name. */
    @AttributeDefinition(
            description = "How long others may keep an asset without a hash in its name, in days; at least 30.")
    int maxAgeDays() default 30;

    /** What never changes. */
    @AttributeDefinition(
            description =
                    "Which paths have a hash of their content: a regular expression for all of static/app-3f2a91c0.js.")
    String hashedNames() default AssetMaker.HASHED;

    /** How much a build may have. */
    @AttributeDefinition(description = "What the assets of a build may take in memory, in MiB.")
    int memoryMiB() default 64;

    /** How long pages that are open find what they ask for. */
    @AttributeDefinition(
            description = "Of how many builds before this one assets with a hash in their names are served.")
    int pastBuilds() default 20;

    /** How much of it. */
    @AttributeDefinition(description = "What the assets of builds before may take in memory, in MiB.")
    int pastMiB() default 32;
}
