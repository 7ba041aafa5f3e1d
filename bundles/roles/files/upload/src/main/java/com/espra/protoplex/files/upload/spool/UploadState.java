package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.files.Disk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * An upload as it is on the disk: what was received up to {@code offset} is there, and the hashes go on from there. What the body has behind
 * it counts for nothing.
 *
 * @param id of the upload, which nobody can guess
 * @param token the id of the token that it began with
 * @param owner of the token
 * @param host of whose files it becomes one
 * @param key of the file
 * @param contentType of the file
 * @param mostBytes what the token allows
 * @param length of the file; {@link #UNKNOWN} until it is said
 * @param offset how many bytes are durable
 * @param sha256 state of the hash after them
 * @param whirlpool state of the other hash
 * @param address of the content, when all of it is there and everybody can have it; empty before
 * @param changed when this was written
 */
@SuppressWarnings("ArrayRecordComponent") // Written once and read once.
public record UploadState(
        String id,
        String token,
        String owner,
        String host,
        String key,
        String contentType,
        long mostBytes,
        long length,
        long offset,
        byte[] sha256,
        byte[] whirlpool,
        String address,
        Instant changed) {

    /** Of a length. */
    public static final long UNKNOWN = -1;

    private static final String FILE = "state";
    private static final int VERSION = 1;

    UploadState withLength(long said) {
        return new UploadState(
                id,
                token,
                owner,
                host,
                key,
                contentType,
                mostBytes,
                said,
                offset,
                sha256,
                whirlpool,
                address,
                Instant.now());
    }

    UploadState withOffset(long durable, byte[] sha, byte[] whirl) {
        return new UploadState(
                id,
                token,
                owner,
                host,
                key,
                contentType,
                mostBytes,
                length,
                durable,
                sha,
                whirl,
                address,
                Instant.now());
    }

    UploadState withAddress(String found) {
        return new UploadState(
                id,
                token,
                owner,
                host,
                key,
                contentType,
                mostBytes,
                length,
                offset,
                sha256,
                whirlpool,
                found,
                Instant.now());
    }

    /** Whether all bytes are there. */
    public boolean isWhole() {
        return length == offset;
    }

    /** Whether everybody can have it. */
    public boolean isDone() {
        return !address.isEmpty();
    }

    void write(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            for (String text : new String[] {id, token, owner, host, key, contentType, address}) {
                out.writeUTF(text);
            }
            for (long number : new long[] {mostBytes, length, offset, changed.toEpochMilli()}) {
                out.writeLong(number);
            }
            for (byte[] state : new byte[][] {sha256, whirlpool}) {
                out.writeInt(state.length);
                out.write(state);
            }
        }
        Disk.replace(folder.resolve(FILE), bytes.toByteArray());
    }

    static UploadState read(Path folder) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(folder.resolve(FILE))))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException(
                        folder + " was written by a version " + version + ", and this one reads " + VERSION);
            }
            String[] texts = new String[7];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = in.readUTF();
            }
            long[] numbers = {in.readLong(), in.readLong(), in.readLong(), in.readLong()};
            byte[] sha = in.readNBytes(in.readInt());
            byte[] whirl = in.readNBytes(in.readInt());
            return new UploadState(
                    texts[0],
                    texts[1],
                    texts[2],
                    texts[3],
                    texts[4],
                    texts[5],
                    numbers[0],
                    numbers[1],
                    numbers[2],
                    sha,
                    whirl,
                    texts[6],
                    Instant.ofEpochMilli(numbers[3]));
        }
    }
}
