package com.espra.protoplex.live.link;

import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Some Live node, whichever answers. */
final class LiveNode {

    private static final String ROLE = "live";

    private final FleetCalls calls;

    LiveNode(FleetCalls calls) {
        this.calls = calls;
    }

    /** What it answered. */
    record Answer(int status, Map<String, Object> object) {

        String text(String name) {
            return String.valueOf(object.getOrDefault(name, ""));
        }
    }

    /** Asks what may be asked twice: of another node, if the first one breaks off. */
    Answer ask(String path, Map<String, ?> object, Duration within) throws IOException, InterruptedException {
        byte[] body = PlainJson.write(object).getBytes(StandardCharsets.UTF_8);
        FleetResponse answer =
                calls.call(ROLE, FleetRequest.of("PUT", path, body).within(within));
        return new Answer(answer.status(), answer.body().length == 0 ? Map.of() : PlainJson.parse(answer.body()));
    }
}
