package com.espra.protoplex.blob.s3;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobPage;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.OpenBlob;
import java.io.InputStream;
import java.time.Instant;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import software.amazon.awssdk.services.s3.S3Client;

/** The store of a unit that is configured for it: before the one on the disk. */
@Component(
        configurationPid = S3BlobConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=100")
@Designate(ocd = S3BlobConfig.class)
public final class S3Blobs implements BlobStore {

    private final S3Client client;
    private final S3BlobStore store;

    /** Makes the client, and asks nothing yet. */
    @Activate
    public S3Blobs(S3BlobConfig config) {
        if (config.bucket().isBlank()) {
            throw new IllegalArgumentException("bucket: say which");
        }
        client = S3Objects.client(config);
        store = new S3BlobStore(client, config.bucket().strip(), config.prefix());
        Thread.ofPlatform()
                .daemon()
                .name("blob-s3-parts")
                .start(() -> OrphanedParts.abort(client, config.bucket().strip(), config.prefix(), Instant.now()));
    }

    @Override
    public BlobInfo head(String key) throws BlobException {
        return store.head(key);
    }

    @Override
    public OpenBlob open(String key, long from, long length) throws BlobException {
        return store.open(key, from, length);
    }

    @Override
    public BlobInfo put(String key, BlobProperties properties, InputStream body) throws BlobException {
        return store.put(key, properties, body);
    }

    @Override
    public void delete(String key) throws BlobException {
        store.delete(key);
    }

    @Override
    public BlobPage list(String prefix, String after, int most) throws BlobException {
        return store.list(prefix, after, most);
    }

    @Deactivate
    void close() {
        client.close();
    }
}
