package com.espra.protoplex.agent.answer;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was written to the logs of a node since somebody looked last: whole lines, a piece of each file at a time. Who looks keeps where he is,
 * in a cursor; nothing of it is kept here.
 *
 * <p>Threads: safe from any.
 */
final class LogTail {

    /** Of a file that is looked at for the first time, its end. */
    static final int FIRST_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}\\.log");
    private static final int MOST_FILES = 32;

    private final Path folder;

    LogTail(Path folder) {
        this.folder = folder;
    }

    /** @param cursor where it ends */
    record Read(String cursor, List<LinkFrame.Part> parts) {}

    /** @param key which file it is: after a rotation another one has its name */
    private record Place(String key, long offset) {}

    /**
     * Reads on.
     *
     * @param cursor where the last one ended; empty at first. What is wrong with it is as if it were not there
     * @param access whether requests are shown, too
     */
    Read read(String cursor, boolean access) throws IOException {
        Map<String, Place> places = places(cursor);
        StringBuilder next = new StringBuilder();
        List<LinkFrame.Part> parts = new ArrayList<>();
        int room = LinkFrame.Answer.MOST_CHARACTERS;
        for (Path file : files(access)) {
            String name = file.getFileName().toString();
            Place before = places.get(name);
            try (FileChannel channel = FileChannel.open(file)) {
                String key = key(file);
                long known = offset(before, key, channel.size());
                boolean anew = known < 0;
                long from = known >= 0 ? known : cursor.isEmpty() ? Math.max(0, channel.size() - FIRST_BYTES) : 0;
                byte[] bytes = bytes(channel, from, Math.min(room, FIRST_BYTES));
                int skipped = anew && from > 0 ? afterLine(bytes) : 0;
                int end = lastLine(bytes, skipped);
                String text = new String(bytes, skipped, end - skipped, StandardCharsets.UTF_8);
                if (!text.isEmpty() || (anew && before != null)) {
                    parts.add(new LinkFrame.Part(name, anew, text));
                    room -= text.length();
                }
                next.append(next.isEmpty() ? "" : ";")
                        .append(name)
                        .append(':')
                        .append(key)
                        .append(':')
                        .append(from + end);
            } catch (NoSuchFileException e) {
                LOG.debug("{} was rotated away in this moment", name, e);
            }
        }
        return new Read(next.toString(), parts);
    }

    /** Where it goes on; negative: it is another file, or was cut. */
    private static long offset(@Nullable Place before, String key, long size) {
        return before != null && before.key().equals(key) && before.offset() <= size ? before.offset() : -1;
    }

    private List<Path> files(boolean access) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, file -> {
            String name = file.getFileName().toString();
            return NAME.matcher(name).matches() && (access || !name.endsWith("access.log"));
        })) {
            all.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        files.sort(null);
        return files.size() <= MOST_FILES ? files : files.subList(0, MOST_FILES);
    }

    /** Digits: it is a word of the cursor. */
    private static String key(Path file) throws IOException {
        return Files.getFileStore(file).supportsFileAttributeView("unix")
                ? String.valueOf(Files.getAttribute(file, "unix:ino"))
                : "0";
    }

    private static byte[] bytes(FileChannel channel, long from, int most) throws IOException {
        byte[] bytes = new byte[most];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int count = 1;
        while (count > 0 && buffer.hasRemaining()) {
            count = channel.read(buffer, from + buffer.position());
        }
        return Arrays.copyOf(bytes, buffer.position());
    }

    /** Where the line after the first line's end begins; at the end, if there is none. */
    private static int afterLine(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return bytes.length;
    }

    /** Where the last whole line ends. One that fills all of it is cut, so that it is not waited for. */
    private static int lastLine(byte[] bytes, int from) {
        for (int i = bytes.length - 1; i >= from; i--) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return bytes.length == FIRST_BYTES && bytes.length > from ? bytes.length : from;
    }

    private static Map<String, Place> places(String cursor) {
        Map<String, Place> places = new HashMap<>();
        for (String each : cursor.split(";", MOST_FILES + 1)) {
            String[] parts = each.split(":", 3);
            if (parts.length == 3 && parts[2].matches("[0-9]{1,18}")) {
                places.put(parts[0], new Place(parts[1], Long.parseLong(parts[2])));
            }
        }
        return places;
    }
}
