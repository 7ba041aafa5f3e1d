package com.espra.protoplex.host.process.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The end of a log file. */
final class LastLines {

    private static final int MOST_BYTES = 16 << 10;
    private static final int MOST_LINES = 100;

    private LastLines() {}

    /** At most a hundred lines; none if there is no such file. */
    static List<String> of(Path file) {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, log.length() - MOST_BYTES);
            byte[] end = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
            // The first line may be cut.
            int first = Math.max(from > 0 && lines.size() > 1 ? 1 : 0, lines.size() - MOST_LINES);
            return lines.subList(first, lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
