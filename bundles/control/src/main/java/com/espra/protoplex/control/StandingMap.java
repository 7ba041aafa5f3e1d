package com.espra.protoplex.control;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.standing.Outage;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How a node is to serve, as its processes say it to each other. */
public final class StandingMap {

    private StandingMap() {}

    /** The number under which a parent says it: the later word has the higher one. */
    public static long number(Map<String, Object> map) {
        return Fields.of(map).number("number");
    }

    /** As it travels. */
    public static Map<String, Object> map(NodeStanding standing, long number) {
        List<Map<String, Object>> outages =
                standing.outages().stream().map(StandingMap::map).toList();
        return Map.of("number", number, "entrance", standing.entrance().name(), "outages", outages);
    }

    private static Map<String, Object> map(Outage outage) {
        return Map.of(
                "app", outage.app(),
                "readOnly", outage.readOnly(),
                "until", outage.until().toString(),
                "message", outage.message(),
                "key", outage.key());
    }

    /**
     * As it came.
     *
     * @throws IllegalArgumentException if a member is not as it should be; names it
     */
    public static NodeStanding of(Map<String, Object> map) {
        Fields fields = Fields.of(map);
        return new NodeStanding(
                fields.constant("entrance", Entrance.class), fields.list("outages", StandingMap::outage));
    }

    private static Outage outage(Object value) {
        Fields fields = Fields.of(value);
        Instant until = fields.instant("until");
        return new Outage(
                fields.text("app"), fields.flag("readOnly"), until, fields.text("message"), fields.text("key"));
    }
}
