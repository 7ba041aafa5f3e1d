package com.espra.protoplex.files.s3files;

import com.espra.protoplex.api.file.FileReference;
import com.espra.protoplex.api.file.FileServing;
import com.espra.protoplex.api.offer.OfferProperties;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What other units of this process serve files by. */
@Component(service = FileServing.class, property = OfferProperties.OFFER + ":Boolean=true")
public final class FilesOffer implements FileServing {

    private final ServedFiles files;

    /** Of this cache. */
    @Activate
    public FilesOffer(@Reference ServedFiles files) {
        this.files = files;
    }

    @Override
    public boolean serve(FileReference file, Request request, Response response, Callback callback) {
        return files.serve(file, request, response, callback);
    }
}
