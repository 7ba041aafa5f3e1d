package com.espra.protoplex.app.session;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
 * The sessions of a unit on disk: a file each, written whole under another name and then renamed. A file's name is a hash of the id,
 * because whoever knows an id is logged in. Nothing is forced to the disk: sessions outlive the process, not a loss of power.
 */
final class SessionFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);

    private static final int FORMAT = 0x50505331;

    private static final int MOST_ATTRIBUTES = 100_000;

    private final Path folder;

    SessionFiles(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        try (DirectoryStream<Path> cut = Files.newDirectoryStream(folder, "*.tmp")) {
            for (Path file : cut) {
                Files.delete(file);
            }
        }
    }

    void write(StoredSession session) throws IOException {
        Path file = file(session.id());
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary)))) {
            write(session, out);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void delete(String id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    Optional<StoredSession> read(String id) throws IOException {
        return read(file(id));
    }

    /** Reads every session; what cannot be read is logged and passed over. */
    void forEach(Consumer<StoredSession> each) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.session")) {
            for (Path file : all) {
                try {
                    read(file).ifPresent(each);
                } catch (IOException unreadable) {
                    LOG.warn("session file {} cannot be read and is passed over: {}", file, unreadable.toString());
                }
            }
        }
    }

    private static Optional<StoredSession> read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            return Optional.of(read(in, Files.size(file)));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
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

    private static StoredSession read(DataInputStream in, long size) throws IOException {
        if (in.readInt() != FORMAT) {
            throw new IOException("it is not a session of this format");
        }
        String id = in.readUTF();
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

    private Path file(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".session");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
