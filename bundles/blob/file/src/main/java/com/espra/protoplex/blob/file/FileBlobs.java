package com.espra.protoplex.blob.file;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobPage;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.api.node.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The store of a unit that is configured for it, and not for another one. */
@Component(configurationPid = FileBlobConfig.PID)
@Designate(ocd = FileBlobConfig.class)
public final class FileBlobs implements BlobStore {

    private final FileBlobStore store;

    /** Opens it. */
    @Activate
    public FileBlobs(@Reference Node node, FileBlobConfig config) throws IOException {
        Path folder = config.folder().isBlank()
                ? node.data("blobs")
                : Path.of(config.folder().strip());
        if (!folder.isAbsolute() && !config.folder().isBlank()) {
            throw new IllegalArgumentException("folder: '" + config.folder() + "' is not the whole path of a folder");
        }
        store = new FileBlobStore(folder, (long) config.reserveMiB() << 20);
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
}
