package com.espra.protoplex.seed.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What is damaged is no longer used, and is not thrown away either: somebody may still find something in it. */
public final class SetAside {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private SetAside() {}

    /** Gives a damaged file another name, beside it. */
    public static Path move(Path file) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + STAMP.format(Instant.now()));
        return Files.move(file, aside);
    }
}
