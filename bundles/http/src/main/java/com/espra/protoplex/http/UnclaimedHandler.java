package com.espra.protoplex.http;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers on listeners that are there for one role while that does not: the node starts, and one should ask again; or it did not come up,
 * and this says why (RFC 9457).
 */
final class UnclaimedHandler extends Handler.Abstract {

    private static final Map<Character, String> ESCAPES = Map.of('"', "\\\"", '\\', "\\\\");

    private final String group;
    private final BooleanSupplier restored;
    private final Supplier<String> failures;

    /**
     * @param restored whether all that the node runs has been started, as far as it can be
     * @param failures what did not come up, and why; empty if all did
     */
    UnclaimedHandler(String group, BooleanSupplier restored, Supplier<String> failures) {
        this.group = group;
        this.restored = restored;
        this.failures = failures;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        String what;
        String remedy;
        if (restored.getAsBoolean()) {
            String reasons = failures.get();
            what = "no role of this node answers on the listeners of '" + group + "'"
                    + (reasons.isEmpty() ? "" : ": " + reasons);
            remedy = "correct it, and start the node again: its log says more";
        } else {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
            what = "this node starts, and what answers here is not there yet";
            remedy = "ask again in a moment";
        }
        Content.Sink.write(
                response, true, "{\"detail\": " + quoted(what) + ", \"remedy\": " + quoted(remedy) + "}", callback);
        return true;
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(each -> {
            char c = (char) each;
            json.append(ESCAPES.getOrDefault(c, Character.isISOControl(c) ? " " : String.valueOf(c)));
        });
        return json.append('"').toString();
    }
}
