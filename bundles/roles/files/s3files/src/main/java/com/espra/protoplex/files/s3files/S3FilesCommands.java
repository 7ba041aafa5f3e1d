package com.espra.protoplex.files.s3files;

import java.io.IOException;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands in the shell of a node with the role. */
@Component(
        service = S3FilesCommands.class,
        property = {"osgi.command.scope=files", "osgi.command.function=cache", "osgi.command.function=forget"})
public final class S3FilesCommands {

    private final CachedFiles files;

    /** Of this cache. */
    @Activate
    public S3FilesCommands(@Reference CachedFiles files) {
        this.files = files;
    }

    @Descriptor(
            "what the cache of files has on this node: files, bytes, names that are known to be missing, fetches under way")
    public CachedFiles.CacheFacts cache() {
        return files.facts();
    }

    @Descriptor("forgets what this node knows of a file, so that the store is asked for it: forget css/site.css")
    public String forget(String key) throws IOException {
        files.cache().changed(key);
        return "the store is asked for " + key + " the next time";
    }
}
