package com.espra.protoplex.files.s3files;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobUnavailableException;
import com.espra.protoplex.api.file.FileReference;
import com.espra.protoplex.api.file.FileServing;
import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.files.s3files.cache.FileContent;
import com.espra.protoplex.files.s3files.cache.StalledException;
import com.espra.protoplex.files.s3files.serve.FileResponder;
import com.espra.protoplex.files.s3files.serve.Refusal;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves files of the cache. */
@Component(service = ServedFiles.class)
public final class ServedFiles implements FileServing {

    private static final Logger LOG = LoggerFactory.getLogger(ServedFiles.class);

    private final CachedFiles files;
    private final Counter served;

    /** From this cache. */
    @Activate
    public ServedFiles(@Reference CachedFiles files, @Reference Meters meters) {
        this.files = files;
        served = meters.counter("files", "Files that were asked for", "from");
    }

    @Override
    public boolean serve(FileReference file, Request request, Response response, Callback callback) {
        try {
            Optional<FileContent> found;
            try {
                found = files.cache().find(file.key());
            } catch (BlobException e) {
                served.add(1, "failed");
                LOG.warn("a file cannot be served: {}", e.toString());
                refuse(e, request, response);
                callback.succeeded();
                return true;
            }
            if (found.isEmpty()) {
                served.add(1, "missing");
                return false;
            }
            try (FileContent content = found.get()) {
                served.add(1, content.isCached() ? "cache" : "store");
                new FileResponder(file, request, response).send(content);
            }
            callback.succeeded();
        } catch (IOException | RuntimeException e) {
            // In the middle: the client must see that it is not whole.
            LOG.debug("a file was not sent to its end", e);
            callback.failed(e);
        }
        return true;
    }

    private static void refuse(BlobException cause, Request request, Response response) throws IOException {
        boolean later = cause instanceof BlobUnavailableException;
        int status = cause instanceof StalledException
                ? HttpStatus.GATEWAY_TIMEOUT_504
                : later ? HttpStatus.SERVICE_UNAVAILABLE_503 : HttpStatus.BAD_GATEWAY_502;
        if (later) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "5");
        }
        Refusal.send(
                response,
                status,
                later ? "This file cannot be had now: try again." : "This file cannot be read.",
                request.getMethod().equals("HEAD"));
    }
}
