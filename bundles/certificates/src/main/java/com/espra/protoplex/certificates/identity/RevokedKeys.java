package com.espra.protoplex.certificates.identity;

import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.files.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that are no node's any more, as a node knows them. It never forgets one because a Seed has lost its state, or a clock is
 * ahead.
 * In the file there is a line for each: its digest, when it was revoked, and until when it counts, in milliseconds since 1970.
 *
 * @param keys by their digest
 */
public record RevokedKeys(Map<String, Revoked> keys) {

    /** Nobody's was. */
    public static final RevokedKeys NONE = new RevokedKeys(Map.of());

    /** How many are kept; of more, those that would be forgotten first are. */
    public static final int MOST = 10_000;

    /**
     * One of them.
     *
     * @param key see {@link KeyDigest}
     * @param at when it was revoked, in milliseconds since 1970; grows with each
     * @param until when no certificate of it could be good any more
     */
    public record Revoked(String key, long at, long until) {}

    /** Keeps a copy. */
    public RevokedKeys {
        keys = Map.copyOf(keys);
    }

    /** Whether this is one of them. */
    public boolean contains(String key) {
        return keys.containsKey(key);
    }

    /** The newest {@link Revoked#at}; 0 if there is none. */
    public long newest() {
        return keys.values().stream().mapToLong(Revoked::at).max().orElse(0);
    }

    /** With these. No clock has a say: one that is ahead for a moment must not let anybody in again. */
    public RevokedKeys with(Collection<Revoked> more) {
        Map<String, Revoked> all = new HashMap<>(keys);
        more.stream().filter(each -> KeyDigest.isWellFormed(each.key())).forEach(each -> all.put(each.key(), each));
        if (all.size() > MOST) {
            List<Revoked> longest = all.values().stream()
                    .sorted(Comparator.comparingLong(Revoked::until).reversed())
                    .toList();
            longest.subList(MOST, longest.size()).forEach(each -> all.remove(each.key()));
        }
        return new RevokedKeys(all);
    }

    /**
     * Reads a file. A line that is none is left out: a damaged file must not let everybody in that it names.
     *
     * @throws IOException if it is there, and cannot be read
     */
    public static RevokedKeys read(Path file) throws IOException {
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return NONE;
        }
    }

    static RevokedKeys parse(String text) {
        Map<String, Revoked> keys = new HashMap<>();
        text.lines().map(RevokedKeys::line).filter(each -> each.at() >= 0).forEach(each -> keys.put(each.key(), each));
        return new RevokedKeys(keys);
    }

    private static Revoked line(String line) {
        String[] parts = line.split(" ", -1);
        boolean whole = parts.length == 3 && parts[1].matches("[0-9]{1,18}") && parts[2].matches("[0-9]{1,18}");
        return whole && KeyDigest.isWellFormed(parts[0])
                ? new Revoked(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]))
                : new Revoked("", -1, 0);
    }

    /** Writes it, as a whole or not at all. */
    public void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        keys.values().stream()
                .sorted(Comparator.comparingLong(Revoked::at))
                .forEach(each -> text.append(each.key())
                        .append(' ')
                        .append(each.at())
                        .append(' ')
                        .append(each.until())
                        .append('\n'));
        Disk.replace(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
