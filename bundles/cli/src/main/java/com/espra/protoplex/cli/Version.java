package com.espra.protoplex.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "protoplex " + (version == null ? "from its source tree" : version) + " on Java " + Runtime.version()
        };
    }
}
