package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.espra.protoplex.datastore.server.admin.AdminPath;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** How a request is written, and its answer. */
interface Form {

    /**
     * Who asks what.
     *
     * @param gone whether nobody waits for the answer any more
     */
    record Asking(Methods methods, DataCaller caller, Request request, BooleanSupplier gone, AnswerRoom answers) {}

    /** Carries out a request and answers. */
    void answer(Asking asking, byte[] body, Intake.Room room, Response response, Callback callback) throws Exception;

    /** AnswerRoom that it is not carried out. */
    void refuse(RefusedException refused, Response response, Callback callback);

    /** By the path, or else the type of the content. */
    static Form of(Request request) {
        String path = Request.getPathInContext(request);
        if (GrpcForm.isOne(path)) {
            return new GrpcForm();
        }
        String type = type(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
        // What has no content has no type: Google's clients of these calls read JSON.
        return new HttpForm(type.isEmpty() && AdminPath.isOne(path) ? HttpForm.JSON : type);
    }

    /** The type of a content, without parameters and in lower case. */
    static String type(@Nullable String header) {
        if (header == null) {
            return "";
        }
        int end = header.indexOf(';');
        return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
