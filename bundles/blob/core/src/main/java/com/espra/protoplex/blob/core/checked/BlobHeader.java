package com.espra.protoplex.blob.core.checked;

import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobProperties;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;

/** What is known of a blob, as the header of a checked file. */
public final class BlobHeader {

    private static final int VERSION = 1;

    private BlobHeader() {}

    /** As bytes. */
    public static byte[] write(BlobInfo info) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            BlobProperties properties = info.properties();
            out.writeByte(VERSION);
            out.writeUTF(info.key());
            out.writeUTF(properties.contentType());
            out.writeUTF(properties.contentEncoding());
            out.writeLong(properties.length());
            out.writeLong(properties.decodedLength());
            out.writeUTF(properties.sha256());
            out.writeUTF(info.tag());
            out.writeLong(info.modified().getEpochSecond());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * From bytes.
     *
     * @throws DamagedFileException if it is none, or of a newer version
     */
    public static BlobInfo read(byte[] header) throws DamagedFileException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(header))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new DamagedFileException(
                        "the file was written by a version " + version + ", and this one reads " + VERSION);
            }
            String key = in.readUTF();
            BlobProperties properties =
                    new BlobProperties(in.readUTF(), in.readUTF(), in.readLong(), in.readLong(), in.readUTF());
            return new BlobInfo(key, properties, in.readUTF(), Instant.ofEpochSecond(in.readLong()));
        } catch (DamagedFileException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new DamagedFileException("the header of a blob cannot be read: " + e.getMessage());
        }
    }
}
