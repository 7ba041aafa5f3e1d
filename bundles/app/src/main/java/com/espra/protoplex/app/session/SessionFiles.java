package com.espra.protoplex.app.session;

import com.espra.protoplex.app.session.TwoPlaceFile.Beginning;
import com.espra.protoplex.app.session.TwoPlaceFile.DamagedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a unit on disk: a file each, that has the session whole whenever its writer ends. A file's name is a hash of the id,
 * because whoever knows an id is logged in. Nothing is forced to the disk: sessions outlive the process, not a loss of power.
 */
final class SessionFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);

    private static final int FORMAT = 1;

    private static final int MOST_ATTRIBUTES = 100_000;

    /** An id has a few dozen characters; the times are behind it. */
    private static final int HEADER_BYTES = 512;

    private final Path folder;

    SessionFiles(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Removes what a cut left half written before a time. */
    void clearTemporary(long before) throws IOException {
        try (DirectoryStream<Path> cut = Files.newDirectoryStream(folder, "*.tmp")) {
            for (Path file : cut) {
                if (modified(file) < before) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static long modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (NoSuchFileException renamed) {
            return Long.MAX_VALUE;
        }
    }

    /** Stores a session; only one at a time may store, or remove, the same one. */
    void write(StoredSession session) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) Math.min(1 << 20, size(session)));
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(session, out);
        }
        new TwoPlaceFile(path(session.id())).write(bytes.toByteArray());
    }

    boolean delete(String id) throws IOException {
        return Files.deleteIfExists(path(id));
    }

    /**
     * Reads a session; empty if there is none.
     *
     * @throws DamagedException if there is something else
     */
    Optional<StoredSession> read(String id) throws IOException {
        return read(new TwoPlaceFile(path(id)));
    }

    /** Reads the times of every session, and nothing else; what cannot be read is passed over. */
    void forEachHeader(Consumer<Header> each) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.session")) {
            for (Path file : all) {
                try {
                    Beginning begin = new TwoPlaceFile(file).beginning(HEADER_BYTES);
                    each.accept(header(
                            new DataInputStream(
                                    new ByteArrayInputStream(begin.bytes().array())),
                            begin.length()));
                } catch (IOException goneOrUnreadable) {
                    LOG.debug("session file {} is passed over: {}", file, goneOrUnreadable.toString());
                }
            }
        }
    }

    /**
     * The beginning of a session's file.
     *
     * @param accessed when it was used last
     * @param expiry when it expires; 0 for never
     * @param bytes the size of the file
     */
    record Header(String id, long accessed, long expiry, long bytes) {}

    private static Header header(DataInputStream in, long size) throws IOException {
        String id = id(in);
        in.readLong();
        long accessed = in.readLong();
        in.readLong();
        in.readLong();
        return new Header(id, accessed, in.readLong(), size);
    }

    /** The size of a session's file, if its names are of ASCII. */
    static long size(StoredSession session) {
        long sum = 2L * Integer.BYTES + Short.BYTES + session.id().length() + 7L * Long.BYTES;
        for (Map.Entry<String, byte[]> attribute : session.attributes().entrySet()) {
            sum += 0L + Short.BYTES + attribute.getKey().length() + Integer.BYTES + attribute.getValue().length;
        }
        return sum;
    }

    private static Optional<StoredSession> read(TwoPlaceFile file) throws IOException {
        Optional<byte[]> bytes = file.read();
        return bytes.isEmpty()
                ? Optional.empty()
                : Optional.of(read(new DataInputStream(new ByteArrayInputStream(bytes.get())), bytes.get().length));
    }

    private static void write(StoredSession session, DataOutputStream out) throws IOException {
        out.writeInt(FORMAT);
        out.writeUTF(session.id());
        for (long number : List.of(
                session.created(),
                session.accessed(),
                session.lastAccessed(),
                session.cookieSet(),
                session.expiry(),
                session.maxInactive(),
                session.version())) {
            out.writeLong(number);
        }
        out.writeInt(session.attributes().size());
        for (Map.Entry<String, byte[]> attribute : session.attributes().entrySet()) {
            out.writeUTF(attribute.getKey());
            out.writeInt(attribute.getValue().length);
            out.write(attribute.getValue());
        }
    }

    private static String id(DataInputStream in) throws IOException {
        if (in.readInt() != FORMAT) {
            throw new IOException("it is not a session of this format");
        }
        return in.readUTF();
    }

    private static StoredSession read(DataInputStream in, long size) throws IOException {
        String id = id(in);
        long created = in.readLong();
        long accessed = in.readLong();
        long lastAccessed = in.readLong();
        long cookieSet = in.readLong();
        long expiry = in.readLong();
        long maxInactive = in.readLong();
        long version = in.readLong();
        int count = in.readInt();
        if (count < 0 || count > MOST_ATTRIBUTES) {
            throw new IOException("it claims " + count + " attributes");
        }
        Map<String, byte[]> attributes = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            int length = in.readInt();
            if (length < 0 || length > size) {
                throw new IOException("it claims an attribute of " + length + " bytes");
            }
            attributes.put(name, in.readNBytes(length));
        }
        return new StoredSession(
                id, created, accessed, lastAccessed, cookieSet, expiry, maxInactive, attributes, version);
    }

    private Path path(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".session");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
