package com.espra.protoplex.api.file;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Answers a request with a file that is kept somewhere: the role {@code s3files} offers it to the other units of its process.
 *
 * <p>Threads: safe from any. It blocks until the file is sent.
 */
@ProviderType
public interface FileServing {

    /**
     * Answers GET and HEAD, as far as the request asks for it: a range, whether it changed, how it may be coded.
     *
     * @param file which one, and how
     * @return false if there is no such file: nothing was answered then, and the callback is the caller's
     */
    boolean serve(FileReference file, Request request, Response response, Callback callback);
}
