package com.espra.protoplex.blob.s3;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.blob.BlobDamagedException;
import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobExistsException;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.blob.contract.BlobStoreContract;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Against s3proxy, with the prefix that all tests share a bucket by. */
public class S3BlobStoreTest extends BlobStoreContract {

    @ClassRule
    public static final S3Proxy PROXY = new S3Proxy();

    private final S3Client client = PROXY.client();
    private final String bucket = PROXY.bucket(client);

    @Override
    protected BlobStore store() {
        return new S3BlobStore(client, bucket, "some/prefix/");
    }

    /** s3proxy makes a file of each segment. */
    @Override
    protected String longKey() {
        return "ü".repeat(100) + "/" + "ü".repeat(100) + "/" + "ü".repeat(100);
    }

    /** Whatever happened in a test. */
    @After
    public void noPartIsLeft() {
        assertEquals(
                List.of(),
                client.listMultipartUploads(list -> list.bucket(bucket)).uploads());
        client.close();
    }

    @Test
    public void whoIsNotThereIsUnavailable() {
        try (S3Client nowhere = S3Proxy.nowhere()) {
            BlobStore store = new S3BlobStore(nowhere, bucket, "");
            assertThrows(BlobUnavailableException.class, () -> store.head("a"));
            assertThrows(BlobUnavailableException.class, () -> put(store, "a", bytes(1)));
        }
    }

    /** Later is no better: it is no failure that is tried again. */
    @Test
    public void aWrongKeyAndAWrongBucketAreTold() {
        try (S3Client stranger = PROXY.stranger()) {
            BlobStore store = new S3BlobStore(stranger, bucket, "");
            BlobException refused = assertThrows(BlobException.class, () -> store.open("a", 0, 1));
            assertFalse(refused.toString(), refused instanceof BlobUnavailableException);
            assertTrue(refused.toString(), refused.getMessage().contains(S3BlobConfig.PID));
        }
        BlobStore elsewhere = new S3BlobStore(client, "no-such-bucket", "");
        BlobException missing = assertThrows(BlobException.class, () -> elsewhere.open("a", 0, 1));
        assertEquals(missing.toString(), BlobException.class, missing.getClass());
    }

    /** Of others, with a type that no blob has: it is read without it, and keeps no connection, of which there are 256. */
    @Test
    public void objectsOfOthersAreRead() throws Exception {
        client.putObject(
                put -> put.bucket(bucket).key("some/prefix/a").contentType("text/plain;" + "x".repeat(300)),
                RequestBody.fromBytes(bytes(10)));
        BlobStore store = store();
        assertEquals("", store.head("a").properties().contentType());
        for (int i = 0; i < 300; i++) {
            assertEquals(10, read(store, "a").length);
        }
    }

    @Test
    public void whatIsLargerThanABlobIsRefused() {
        assertThrows(
                BlobException.class,
                () -> S3Metadata.info("a", null, null, BlobProperties.MOST_BYTES + 1, Map.of(), null, null));
    }

    /** What S3 has is not what was written: the same blob put once more takes its place. */
    @Test
    public void aDamagedObjectMakesWay() throws Exception {
        BlobStore store = store();
        for (int length : new int[] {1000, S3BlobStore.PART + 10}) {
            byte[] body = bytes(length);
            String key = "damaged" + length;
            BlobProperties properties = new BlobProperties("", "", length, length, sha256(body));
            store.put(key, properties, new ByteArrayInputStream(body));
            byte[] changed = body.clone();
            changed[500] ^= 1;
            client.putObject(
                    put -> put.bucket(bucket).key("some/prefix/" + key).metadata(S3Metadata.of(properties)),
                    RequestBody.fromBytes(changed));
            assertThrows(BlobDamagedException.class, () -> read(store, key));
            store.put(key, properties, new ByteArrayInputStream(body));
            assertArrayEquals(body, read(store, key));
            assertThrows(BlobExistsException.class, () -> store.put(key, properties, new ByteArrayInputStream(body)));
        }
    }

    private static String sha256(byte[] body) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    }

    @Test
    public void oldPartsAreAborted() {
        client.createMultipartUpload(create -> create.bucket(bucket).key("some/prefix/left"));
        Instant later = Instant.now().plus(Duration.ofDays(3));
        assertEquals(0, OrphanedParts.abort(client, bucket, "some/prefix/", Instant.now()));
        assertEquals("those of others", 0, OrphanedParts.abort(client, bucket, "", later));
        assertEquals(1, OrphanedParts.abort(client, bucket, "some/prefix/", later));
    }
}
