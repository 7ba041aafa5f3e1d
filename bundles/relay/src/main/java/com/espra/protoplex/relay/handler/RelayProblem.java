package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.relay.head.OwnPage;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers of the relay's own (RFC 9457): what is wrong, and the id by which the log tells more. Of the inside they say nothing. */
final class RelayProblem {

    private RelayProblem() {}

    /** What a client is told of the last target's failure; null: of none that was tried. */
    static int status(@Nullable Outcome outcome) {
        if (outcome == null) {
            return 503;
        }
        return outcome == Outcome.LATE ? 504 : 502;
    }

    static String text(int status) {
        return switch (status) {
            case 400 -> "the request has what cannot be passed on";
            case 404 -> "nobody answers here";
            case 500 -> "this node could not decide where the request goes";
            case 502 -> "what answers here could not be reached, or gave no answer";
            case 503 -> "what answers here takes no more just now";
            case 504 -> "what answers here did not answer in time";
            case 508 -> "the request came by here before: it goes in a circle";
            default -> "the request was not answered";
        };
    }

    private static byte[] problem(int status, String id) {
        // An id has no character that would need an escape.
        return ("{\"status\": " + status + ", \"detail\": \"" + text(status) + "\", \"request\": \"" + id + "\"}\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static void write(Request request, Response response, Callback callback, int status) {
        write(request, response, callback, status, Decision.Says.USUAL);
    }

    /** @param says the page to show, if there is one */
    static void write(Request request, Response response, Callback callback, int status, Decision.Says says) {
        String id = String.valueOf(request.getAttribute(Dispatcher.REQUEST_ID));
        byte[] page = OwnPage.of(says, status, id);
        response.getHeaders().clear();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, page == null ? "application/problem+json" : OwnPage.TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (status == 503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        byte[] body = page == null ? problem(status, id) : page;
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        boolean head = "HEAD".equals(request.getMethod());
        response.write(true, head ? BufferUtil.EMPTY_BUFFER : BufferUtil.toBuffer(body), callback);
    }
}
