package com.espra.protoplex.api.call;

import java.nio.charset.StandardCharsets;

/**
 * What a role answers.
 *
 * @param status of HTTP, 200 to 599; with 204 and 304 there is no body
 * @param headers its fields
 * @param body at most {@link FleetRequest#MOST_BODY} bytes; not copied: change it no more
 */
@SuppressWarnings("ArrayRecordComponent") // A copy for each step of a call would cost more than it protects.
public record FleetResponse(int status, CallHeaders headers, byte[] body) {

    /** @throws IllegalArgumentException if a part is not as it is described above */
    public FleetResponse {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("the status of an answer is " + status + ": use 200 to 599");
        }
        if (body.length > 0 && (status == 204 || status == 304)) {
            throw new IllegalArgumentException("an answer with the status " + status + " has no body");
        }
        if (body.length > FleetRequest.MOST_BODY) {
            throw new IllegalArgumentException(
                    "the body has " + body.length + " bytes: an answer has at most " + FleetRequest.MOST_BODY);
        }
    }

    /** 200 with a text. */
    public static FleetResponse text(String text) {
        return of(200, text.getBytes(StandardCharsets.UTF_8)).with("Content-Type", "text/plain;charset=utf-8");
    }

    /** One without headers. */
    public static FleetResponse of(int status, byte[] body) {
        return new FleetResponse(status, CallHeaders.NONE, body);
    }

    /** The same with a header. */
    public FleetResponse with(String name, String value) {
        return new FleetResponse(status, headers.with(name, value), body);
    }

    /** Whether the status is one of success: 200 to 299. */
    public boolean isSuccess() {
        return status < 300;
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Without header values and the body, which may be secret. */
    @Override
    public String toString() {
        return status + " with " + body.length + " bytes";
    }
}
