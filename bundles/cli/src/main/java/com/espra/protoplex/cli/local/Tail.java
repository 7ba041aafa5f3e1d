package com.espra.protoplex.cli.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The end of a file. */
final class Tail {

    private static final int LONGEST = 16_384;

    private Tail() {}

    /** The last lines, as far as they are in its last 16 KiB. */
    static List<String> lines(Path file, int count) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, in.length() - LONGEST);
            in.seek(from);
            byte[] bytes = new byte[(int) Math.min(LONGEST, in.length() - from)];
            in.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        }
    }
}
