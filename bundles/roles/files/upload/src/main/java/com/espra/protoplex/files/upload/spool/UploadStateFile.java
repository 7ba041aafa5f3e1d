package com.espra.protoplex.files.upload.spool;

import com.espra.protoplex.files.Disk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.CRC32C;

/** The state of an upload in its folder, with a sum: a damaged one is told, and not gone on with. */
final class UploadStateFile {

    static final String NAME = "state";

    private static final int VERSION = 2;
    /** Without a sum, and without what came to be known later. */
    private static final int FIRST_VERSION = 1;

    private static final int MOST_BYTES = 1 << 20;

    private UploadStateFile() {}

    static void write(Path folder, UploadState state) throws IOException {
        UploadTarget target = state.target();
        UploadOutcome outcome = state.outcome();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            for (String text : new String[] {
                state.id(),
                target.token(),
                target.owner(),
                target.host(),
                target.key(),
                target.contentType(),
                target.metadata(),
                target.sha256(),
                target.concat(),
                outcome.address(),
                outcome.refusal()
            }) {
                out.writeUTF(text);
            }
            for (long number : new long[] {
                target.mostBytes(),
                state.length(),
                state.offset(),
                state.changed().toEpochMilli()
            }) {
                out.writeLong(number);
            }
            out.writeBoolean(target.single());
            out.writeBoolean(outcome.isTold());
            out.writeInt(outcome.status());
            writeBytes(out, state.sha256());
            writeBytes(out, state.whirlpool());
            out.writeInt(sum(bytes.toByteArray(), bytes.size()));
        }
        Disk.replace(folder.resolve(NAME), bytes.toByteArray());
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /**
     * What is there.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws DamagedStateException if it is not what was written
     */
    static UploadState read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (Files.size(file) > MOST_BYTES) {
            throw new DamagedStateException(file + " is too long to be the state of an upload");
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
            throw new DamagedStateException(file + " is empty");
        }
        int version = bytes[0];
        if (version != VERSION && version != FIRST_VERSION) {
            throw new IOException(folder + " was written by a version " + version + ", and this one reads up to "
                    + VERSION + ": it stays as it is");
        }
        int end = bytes.length;
        if (version == VERSION) {
            end -= Integer.BYTES;
            if (end < 1 || ByteBuffer.wrap(bytes).getInt(end) != sum(bytes, end)) {
                throw new DamagedStateException(file + " has another sum than it was written with");
            }
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 1, end - 1))) {
            return version == VERSION ? read(in) : readFirst(in);
        } catch (IOException | RuntimeException e) {
            throw new DamagedStateException(file + " cannot be read: " + e);
        }
    }

    private static UploadState read(DataInputStream in) throws IOException {
        String[] texts = texts(in, 11);
        long[] numbers = {in.readLong(), in.readLong(), in.readLong(), in.readLong()};
        boolean single = in.readBoolean();
        boolean isTold = in.readBoolean();
        int status = in.readInt();
        return new UploadState(
                texts[0],
                new UploadTarget(
                        texts[1],
                        single,
                        texts[2],
                        texts[3],
                        texts[4],
                        texts[5],
                        texts[6],
                        texts[7],
                        texts[8],
                        numbers[0]),
                numbers[1],
                numbers[2],
                bytes(in),
                bytes(in),
                new UploadOutcome(texts[9], isTold, status, texts[10]),
                Instant.ofEpochMilli(numbers[3]));
    }

    private static UploadState readFirst(DataInputStream in) throws IOException {
        String[] texts = texts(in, 7);
        long[] numbers = {in.readLong(), in.readLong(), in.readLong(), in.readLong()};
        return new UploadState(
                texts[0],
                new UploadTarget(texts[1], false, texts[2], texts[3], texts[4], texts[5], "", "", "", numbers[0]),
                numbers[1],
                numbers[2],
                bytes(in),
                bytes(in),
                new UploadOutcome(texts[6], !texts[6].isEmpty(), 0, ""),
                Instant.ofEpochMilli(numbers[3]));
    }

    private static String[] texts(DataInputStream in, int count) throws IOException {
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = in.readUTF();
        }
        return texts;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new IOException("it is cut off");
        }
        return bytes;
    }
}
