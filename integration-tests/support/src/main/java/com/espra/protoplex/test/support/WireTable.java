package com.espra.protoplex.test.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A table of requests, byte for byte, and of what has to become of them. */
public final class WireTable {

    private static final Pattern COLUMN = Pattern.compile("\\s\\|(?:\\s|$)");
    private static final int COLUMNS = 6;

    private WireTable() {}

    /**
     * A row.
     *
     * @param statuses of the answers, in their order: each is a choice
     * @param ends what is right at the end: {@code open}, {@code close}, or both
     * @param clause of the RFC that says so
     * @param bytes what is sent; each character is a byte
     * @param forwarded what a relay sends on; {@code jetty} if the loop leaves it to Jetty's path; empty if nothing
     */
    public record Row(
            String id, List<List<String>> statuses, List<String> ends, String clause, String bytes, String forwarded) {

        /** Whether it is served. */
        public boolean isSound() {
            return !forwarded.isEmpty();
        }

        @Override
        public String toString() {
            return id + " (RFC " + clause + ")";
        }
    }

    /** The rows of HTTP/1.1. */
    public static List<Row> http1() {
        try (InputStream in = WireTable.class.getResourceAsStream("http1.table")) {
            if (in == null) {
                throw new IllegalStateException("http1.table is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(WireTable::row)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        String[] parts = COLUMN.split(line, -1);
        if (parts.length != COLUMNS) {
            throw new IllegalArgumentException(parts.length + " columns instead of " + COLUMNS + ": " + line);
        }
        return new Row(
                parts[0].strip(),
                List.of(parts[1].strip().split(",", -1)).stream()
                        .map(each -> List.of(each.split("/", -1)))
                        .toList(),
                List.of(parts[2].strip().split("/", -1)),
                parts[3].strip(),
                unescaped(parts[4]),
                parts[5].strip().equals("jetty") ? "jetty" : unescaped(parts[5].strip()));
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char kind = text.charAt(++i);
            switch (kind) {
                case 'r' -> plain.append('\r');
                case 'n' -> plain.append('\n');
                case 't' -> plain.append('\t');
                case '0' -> plain.append('\0');
                case 'p' -> plain.append('|');
                case '\\' -> plain.append('\\');
                case 'x' -> {
                    plain.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                case 'N' -> {
                    int close = text.indexOf("}*", i);
                    int end = close + 2;
                    while (end < text.length() && Character.isDigit(text.charAt(end))) {
                        end++;
                    }
                    int times = Integer.parseInt(text.substring(close + 2, end));
                    plain.append(unescaped(text.substring(i + 2, close)).repeat(times));
                    i = end - 1;
                }
                default -> throw new IllegalArgumentException("\\" + kind + " is no escape: " + text);
            }
        }
        return plain.toString();
    }
}
