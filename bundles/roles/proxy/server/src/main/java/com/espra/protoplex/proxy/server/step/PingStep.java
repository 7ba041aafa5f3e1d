package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.relay.Decision;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /a/ping.frontend} says that something answers, {@code /a/ping.proxy} which proxy does: a browser that asks the hosts of several regions
 * takes the one that is first. So any page may read it, and nobody keeps it.
 */
final class PingStep implements DecisionStep {

    private static final String BELOW = "/a/ping.";
    private static final Map<String, String> ANY_PAGE =
            Map.of("Access-Control-Allow-Origin", "*", "Timing-Allow-Origin", "*");

    private final String node;
    private final String region;
    private final InstantSource clock;

    PingStep(String node, String region, InstantSource clock) {
        this.node = node;
        this.region = region;
        this.clock = clock;
    }

    @Override
    public @Nullable Decision decide(Asked asked) {
        String path = asked.path();
        if (!path.startsWith(BELOW)) {
            return null;
        }
        boolean frontend = path.equals("/a/ping.frontend");
        if (!frontend && !path.equals("/a/ping.proxy")) {
            return null;
        }
        asked.note(path + " is answered by the proxy itself");
        if (!OwnAnswers.isRead(asked.request())) {
            return OwnAnswers.text(405, "text/plain", "405: GET this\n", Map.of("Allow", "GET, HEAD"));
        }
        if (frontend) {
            return OwnAnswers.text(200, "text/plain", "pong", ANY_PAGE);
        }
        return OwnAnswers.text(
                200,
                "application/json",
                "{\"region\": " + OwnAnswers.quoted(region) + ", \"node\": " + OwnAnswers.quoted(node)
                        + ", \"time\": \"" + clock.instant() + "\"}\n",
                ANY_PAGE);
    }
}
