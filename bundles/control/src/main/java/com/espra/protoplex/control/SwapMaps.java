package com.espra.protoplex.control;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.SwapRecord;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the swap engine takes and tells, as maps and back. Readers throw an {@link IllegalArgumentException} that names the member that is
 * not as it should be. Durations are in whole microseconds, times in ISO 8601.
 */
public final class SwapMaps {

    private static final long NANOS_PER_MICRO = 1000;

    private SwapMaps() {}

    /** A release; files are named by their absolute paths, because all processes of a node have one disk. */
    public static Map<String, Object> map(Release release) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("unit", release.unit());
        map.put("version", release.version());
        map.put("digest", release.digest());
        map.put(
                "bundles",
                release.bundles().stream()
                        .map(bundle -> Map.of(
                                "name",
                                bundle.name(),
                                "file",
                                bundle.file().toAbsolutePath().toString()))
                        .toList());
        Map<String, Object> configurations = new LinkedHashMap<>();
        release.configurations().forEach((pid, properties) -> {
            Map<String, Object> encoded = new LinkedHashMap<>();
            properties.forEach((key, value) -> encoded.put(key, PropertyValues.encode(value)));
            configurations.put(pid, encoded);
        });
        map.put("configurations", configurations);
        map.put("readyMillis", release.ready().toMillis());
        map.put("drainMillis", release.drain().toMillis());
        map.put("optionalComponents", List.copyOf(release.optionalComponents()));
        map.put("dropRoutes", release.dropRoutes());
        map.put("proved", release.proved());
        map.put("kind", release.kind().name());
        map.put("takeOver", release.takeOver());
        map.put("offers", List.copyOf(release.offers()));
        map.put("placement", release.placement().name());
        return map;
    }

    /** The release that {@link #map(Release)} described. */
    public static Release release(Map<String, Object> map) {
        Fields fields = new Fields(map);
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        fields.object("configurations").members().forEach((pid, properties) -> {
            Map<String, Object> decoded = new LinkedHashMap<>();
            Fields.of(properties)
                    .members()
                    .forEach((key, value) -> decoded.put(String.valueOf(key), PropertyValues.decode(value)));
            configurations.put(String.valueOf(pid), decoded);
        });
        boolean takeOver = fields.flag("takeOver");
        return new Release(
                fields.text("unit"),
                fields.text("version"),
                fields.text("digest"),
                fields.list("bundles", SwapMaps::bundle),
                configurations,
                fields.millis("readyMillis"),
                fields.millis("drainMillis"),
                Set.copyOf(fields.texts("optionalComponents")),
                fields.flag("dropRoutes"),
                fields.flag("proved"),
                fields.constant("kind", Release.Kind.class),
                takeOver,
                Set.copyOf(fields.texts("offers")),
                placement(map, takeOver));
    }

    /** A parent of before, whose children are new, does not say it. */
    private static Release.Placement placement(Map<String, Object> map, boolean takeOver) {
        Release.Placement standard = takeOver ? Release.Placement.ONE : Release.Placement.EACH;
        return map.containsKey("placement") ? new Fields(map).constant("placement", Release.Placement.class) : standard;
    }

    private static Release.BundleFile bundle(Object map) {
        Fields fields = Fields.of(map);
        return new Release.BundleFile(fields.text("name"), Path.of(fields.text("file")));
    }

    /** How a swap ended. */
    public static Map<String, Object> map(Outcome outcome) {
        return Map.of(
                "done",
                outcome.done(),
                "failedAt",
                outcome.failedAt().name(),
                "reason",
                outcome.reason(),
                "flipMicros",
                micros(outcome.flip()));
    }

    /** The outcome that {@link #map(Outcome)} described. */
    public static Outcome outcome(Map<String, Object> map) {
        return outcome(new Fields(map));
    }

    private static Outcome outcome(Fields fields) {
        return new Outcome(
                fields.flag("done"),
                fields.constant("failedAt", Step.class),
                fields.text("reason"),
                fields.micros("flipMicros"));
    }

    /** A step. */
    public static Map<String, Object> map(SwapEvent event) {
        return Map.of(
                "time",
                event.time().toString(),
                "unit",
                event.unit(),
                "version",
                event.version(),
                "generation",
                event.generation(),
                "step",
                event.step().name(),
                "state",
                event.state().name(),
                "detail",
                event.detail(),
                "elapsedMicros",
                micros(event.elapsed()));
    }

    /** The event that {@link #map(SwapEvent)} described. */
    public static SwapEvent event(Map<String, Object> map) {
        return event(new Fields(map));
    }

    private static SwapEvent event(Fields fields) {
        return new SwapEvent(
                fields.instant("time"),
                fields.text("unit"),
                fields.text("version"),
                fields.text("generation"),
                fields.constant("step", Step.class),
                fields.constant("state", SwapEvent.State.class),
                fields.text("detail"),
                fields.micros("elapsedMicros"));
    }

    /** A unit and its generations. */
    public static Map<String, Object> map(UnitStatus unit) {
        return Map.of(
                "unit",
                unit.unit(),
                "live",
                unit.live(),
                "generations",
                unit.generations().stream().map(SwapMaps::map).toList());
    }

    private static Map<String, Object> map(GenerationStatus generation) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", generation.id());
        map.put("version", generation.version());
        map.put("digest", generation.digest());
        map.put("phase", generation.phase().name());
        map.put("since", generation.since().toString());
        map.put("inFlight", generation.inFlight());
        map.put("served", generation.served());
        map.put("routes", generation.routes());
        map.put("bundles", generation.bundles());
        return map;
    }

    /** The units in the member {@link Topics#UNITS} of an answer, each as {@link #map(UnitStatus)} described it. */
    public static List<UnitStatus> units(Map<String, Object> answer) {
        return new Fields(answer).list(Topics.UNITS, SwapMaps::unit);
    }

    private static UnitStatus unit(Object map) {
        Fields fields = Fields.of(map);
        return new UnitStatus(
                fields.text("unit"), fields.text("live"), fields.list("generations", SwapMaps::generation));
    }

    private static GenerationStatus generation(Object map) {
        Fields fields = Fields.of(map);
        return new GenerationStatus(
                fields.text("id"),
                fields.text("version"),
                fields.text("digest"),
                fields.constant("phase", Phase.class),
                fields.instant("since"),
                fields.number("inFlight"),
                fields.number("served"),
                fields.texts("routes"),
                fields.texts("bundles"));
    }

    /** A swap that ended. */
    public static Map<String, Object> map(SwapRecord swap) {
        return Map.of(
                "time",
                swap.time().toString(),
                "unit",
                swap.unit(),
                "from",
                swap.from(),
                "to",
                swap.to(),
                "outcome",
                map(swap.outcome()),
                "events",
                swap.events().stream().map(SwapMaps::map).toList());
    }

    /** The swaps in the member {@link Topics#HISTORY} of an answer, each as {@link #map(SwapRecord)} described it. */
    public static List<SwapRecord> history(Map<String, Object> answer) {
        return new Fields(answer).list(Topics.HISTORY, map -> {
            Fields fields = Fields.of(map);
            return new SwapRecord(
                    fields.instant("time"),
                    fields.text("unit"),
                    fields.text("from"),
                    fields.text("to"),
                    outcome(fields.object("outcome")),
                    fields.list("events", event -> event(Fields.of(event))));
        });
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / NANOS_PER_MICRO;
    }
}
