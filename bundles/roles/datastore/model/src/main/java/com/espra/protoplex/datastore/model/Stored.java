package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.espra.protoplex.datastore.engine.StoreException;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * An entity as it lies in the store: its version, when it was created, a checksum, its message.
 *
 * @param version of the commit that wrote it last: microseconds since 1970
 * @param created the version of the commit that created it
 */
record Stored(long version, long created, Entity entity) {

    private static final int CHECKSUM = 2 * Long.BYTES;
    private static final int CONTENT = CHECKSUM + Long.BYTES;

    byte[] bytes() {
        byte[] message = entity.toByteArray();
        byte[] bytes = new byte[CONTENT + message.length];
        Bytes.putLong(bytes, 0, version);
        Bytes.putLong(bytes, Long.BYTES, created);
        System.arraycopy(message, 0, bytes, CONTENT, message.length);
        Bytes.putLong(bytes, CHECKSUM, checksum(bytes));
        return bytes;
    }

    private static long checksum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, CHECKSUM);
        sum.update(bytes, CONTENT, bytes.length - CONTENT);
        return sum.getValue();
    }

    static Stored of(byte[] bytes) {
        try {
            if (bytes.length >= CONTENT && checksum(bytes) == Bytes.getLong(bytes, CHECKSUM)) {
                return new Stored(
                        Bytes.getLong(bytes, 0),
                        Bytes.getLong(bytes, Long.BYTES),
                        Entity.parseFrom(Arrays.copyOfRange(bytes, CONTENT, bytes.length)));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "an entity cannot be read", e);
        }
        throw new StoreException(
                StoreException.Reason.DAMAGED, "an entity has not the checksum that it was written with");
    }

    EntityResult.Builder result() {
        return EntityResult.newBuilder()
                .setEntity(entity)
                .setVersion(version)
                .setCreateTime(Values.timestamp(created))
                .setUpdateTime(Values.timestamp(version));
    }
}
