package com.espra.protoplex.seed.audit;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The log of what operators change: lines of JSON in {@code audit.jsonl}, two for each change. The first is on the disk before the change
 * begins, so that there is no change without one; the second says how it ended, and is missing if a crash, a client who left or a disk
 * that failed cut the change off.
 *
 * <p>Bounded: {@value #MAX_BYTES} bytes a file, and {@value #OLD} older files, {@code audit.1.jsonl} the newest of them.
 *
 * <p>Threads: safe from any.
 */
public final class AuditLog implements AutoCloseable {

    private static final long MAX_BYTES = 8L << 20;
    private static final int OLD = 4;
    private static final String ENTRY = "entry";

    private final Path folder;
    private final long maxBytes;
    private FileChannel channel;
    private long last;

    private AuditLog(Path folder, long maxBytes, FileChannel channel, long last) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.channel = channel;
        this.last = last;
    }

    /**
     * Opens the log in a folder.
     *
     * @throws IOException if it cannot be written
     */
    public static AuditLog in(Path folder) throws IOException {
        return in(folder, MAX_BYTES);
    }

    static AuditLog in(Path folder, long maxBytes) throws IOException {
        PrivateFiles.createFolder(folder);
        long last = 0;
        for (Path file : files(folder)) {
            for (ObjectNode line : lines(file)) {
                last = Math.max(last, line.path(ENTRY).asLong());
            }
            if (last > 0) {
                break;
            }
        }
        AuditLog log = new AuditLog(folder, maxBytes, append(folder), last);
        log.endLine();
        return log;
    }

    private static FileChannel append(Path folder) throws IOException {
        return FileChannel.open(
                file(folder, 0), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** A crash may have cut the last line: what comes next is a line of its own. */
    private void endLine() throws IOException {
        ByteBuffer end = ByteBuffer.allocate(1);
        try (FileChannel reading = FileChannel.open(file(folder, 0), StandardOpenOption.READ)) {
            reading.read(end, Math.max(0, reading.size() - 1));
        }
        if (end.position() == 1 && end.get(0) != '\n') {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    /**
     * Notes that a change begins.
     *
     * @return the number of the entry, for {@link #end}
     * @throws IOException if that is not on the disk: the change must not be made then
     */
    public synchronized long begin(AuditEntry entry) throws IOException {
        if (!channel.isOpen()) {
            channel = append(folder); // the last turn failed; the disk may be well again
            endLine();
        }
        if (channel.size() >= maxBytes) {
            turn();
        }
        ObjectNode line = entry.json().put(ENTRY, last + 1);
        write(line);
        channel.force(false);
        return ++last;
    }

    /**
     * Notes how it ended.
     *
     * @param entry the number from {@link #begin}
     * @param status the status of the answer (RFC 9110)
     * @param what what was changed, in words; empty when the operation says it
     */
    public synchronized void end(long entry, int status, String what) throws IOException {
        write(JsonNodeFactory.instance
                .objectNode()
                .put(ENTRY, entry)
                .put("status", status)
                .put("what", what));
    }

    private void write(ObjectNode line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        long before = channel.size();
        try {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        } catch (IOException e) {
            undo(before, e);
            throw Disk.explain(e, folder, bytes.length);
        }
    }

    private void undo(long before, IOException cause) {
        try {
            channel.truncate(before);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void turn() throws IOException {
        channel.close();
        for (int i = OLD; i > 0; i--) {
            Path newer = file(folder, i - 1);
            if (Files.exists(newer)) {
                Files.move(newer, file(folder, i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        channel = append(folder);
    }

    /**
     * The newest changes. Nobody who makes one waits for this; a file that is turned meanwhile may hide some of the oldest.
     *
     * @param most how many at most
     * @return each as one object with the members of both lines, the newest first
     * @throws IOException if the log cannot be read
     */
    public List<ObjectNode> newest(int most) throws IOException {
        List<ObjectNode> found = new ArrayList<>();
        Map<Long, ObjectNode> ends = new HashMap<>();
        for (Path file : files(folder)) {
            Deque<ObjectNode> backwards = new ArrayDeque<>();
            lines(file).forEach(backwards::push);
            for (ObjectNode line : backwards) {
                if (found.size() >= most) {
                    return found;
                }
                long entry = line.path(ENTRY).asLong();
                if (!line.has("time")) {
                    ends.put(entry, line);
                    continue;
                }
                ObjectNode end = ends.remove(entry);
                found.add(end == null ? line : line.setAll(end));
            }
        }
        return found;
    }

    /** From the newest to the oldest. */
    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i <= OLD; i++) {
            if (Files.exists(file(folder, i))) {
                files.add(file(folder, i));
            }
        }
        return files;
    }

    private static Path file(Path folder, int age) {
        return folder.resolve(age == 0 ? "audit.jsonl" : "audit." + age + ".jsonl");
    }

    private static List<ObjectNode> lines(Path file) throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        for (String line : text(file).split("\n")) {
            line(line).ifPresent(lines::add);
        }
        return lines;
    }

    /** A file that was turned meanwhile is there under its next name. */
    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** What is no JSON, since a crash cut it, is passed over. */
    private static Optional<ObjectNode> line(String line) {
        try {
            return Json.MAPPER.readTree(line) instanceof ObjectNode object && object.has(ENTRY)
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
