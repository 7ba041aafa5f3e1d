package com.espra.protoplex.files.vhostfiles;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.MimeTypes;

/** The type of a file that has a name: what its uploader says, unless that is what clients say who know nothing of files. */
final class NamedType {

    private static final String UNKNOWN = "application/octet-stream";
    private static final Set<String> SAY_NOTHING = Set.of("", UNKNOWN, "application/x-www-form-urlencoded");

    private NamedType() {}

    static String of(String said, String name) {
        String type = said.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        String byName =
                Optional.ofNullable(MimeTypes.DEFAULTS.getMimeByExtension(name)).orElse(UNKNOWN);
        boolean saysNothing = SAY_NOTHING.contains(type) || type.startsWith("multipart/") || said.equals(byName);
        if (!saysNothing) {
            return said;
        }
        return byName.startsWith("text/") && !byName.contains("charset") ? byName + ";charset=utf-8" : byName;
    }
}
