package com.espra.protoplex.http.dispatch;

import com.espra.protoplex.api.http.EncodedSlashes;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Which paths may come in: encoded slashes get through to the table, and to those handlers that take them. */
public final class PathRules {

    /** Of listeners. */
    public static final UriCompliance COMPLIANCE =
            UriCompliance.DEFAULT.with("protoplex", Violation.AMBIGUOUS_PATH_SEPARATOR);

    private PathRules() {}

    /** Whether the path is refused, as Jetty refuses it, before anybody counts it. */
    static boolean refuses(DispatchTable table, Request request, Response response, Callback callback) {
        if (!request.getHttpURI().hasViolation(Violation.AMBIGUOUS_PATH_SEPARATOR)) {
            return false;
        }
        DispatchTable.@Nullable Target target = table.match(request);
        if (target != null && target.handler() instanceof EncodedSlashes) {
            return false;
        }
        Response.writeError(
                request,
                response,
                callback,
                HttpStatus.BAD_REQUEST_400,
                Violation.AMBIGUOUS_PATH_SEPARATOR.getDescription());
        return true;
    }
}
