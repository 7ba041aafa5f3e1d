package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.CliException;
import java.util.regex.Pattern;

/** The name of an app, as somebody typed it. */
public final class AppName {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private AppName() {}

    /** Gives the name back if an app may have it: it becomes part of an address. */
    public static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw CliException.usage(
                    "'" + name + "' is not the name of an app", "`protoplex status` shows the apps that are there");
        }
        return name;
    }
}
