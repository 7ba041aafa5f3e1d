package com.espra.protoplex.child;

import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.control.SwapMaps;
import com.espra.protoplex.control.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The engine of this child, as its parent asks for it. */
final class SwapTopics {

    /** Frames between parent and child are bounded (1 MiB); this leaves room for what is around the text. */
    private static final int MOST_CHARACTERS = 256 * 1024;

    private static final long EVENTS_SECONDS = 5;

    private final SwapEngine engine;
    private final EventUplink events;

    SwapTopics(SwapEngine engine, EventUplink events) {
        this.engine = engine;
        this.events = events;
    }

    CompletionStage<Map<String, Object>> swap(Map<String, Object> body) {
        var release = SwapMaps.release(body);
        return answered(engine.swap(release), release.unit());
    }

    CompletionStage<Map<String, Object>> check(Map<String, Object> body) {
        return engine.check(SwapMaps.release(body))
                .thenApply(missing ->
                        Map.of(Topics.MISSING, missing.substring(0, Math.min(MOST_CHARACTERS, missing.length()))));
    }

    CompletionStage<Map<String, Object>> remove(Map<String, Object> body) {
        if (!(body.get(Topics.UNIT) instanceof String unit)) {
            throw new IllegalArgumentException("'" + Topics.UNIT + "' must be the name of a unit");
        }
        return answered(engine.remove(unit), unit);
    }

    /** After the events of the swap, as on a node of one process; with the unit's state, so that the parent's picture of it is new. */
    private CompletionStage<Map<String, Object>> answered(CompletableFuture<Outcome> outcome, String unit) {
        return outcome.thenCompose(how -> events.told()
                .copy()
                .completeOnTimeout(null, EVENTS_SECONDS, TimeUnit.SECONDS)
                .thenApply(told -> {
                    Map<String, Object> answer = new HashMap<>(SwapMaps.map(how));
                    answer.put(
                            Topics.UNITS,
                            engine.units().stream()
                                    .filter(status -> status.unit().equals(unit))
                                    .map(SwapMaps::map)
                                    .toList());
                    return answer;
                }));
    }

    CompletionStage<Map<String, Object>> units(Map<String, Object> body) {
        String after = body.get(Topics.AFTER) instanceof String name ? name : "";
        List<UnitStatus> units = engine.units().stream()
                .filter(unit -> unit.unit().compareTo(after) > 0)
                .sorted(Comparator.comparing(UnitStatus::unit))
                .toList();
        List<Map<String, Object>> page = page(units, SwapMaps::map);
        return CompletableFuture.completedFuture(Map.of(Topics.UNITS, page, Topics.MORE, page.size() < units.size()));
    }

    CompletionStage<Map<String, Object>> history(Map<String, Object> body) {
        return CompletableFuture.completedFuture(Map.of(Topics.HISTORY, page(engine.history(), SwapMaps::map)));
    }

    /** As many as fit; one at least. */
    private static <T> List<Map<String, Object>> page(List<T> all, Function<T, Map<String, Object>> map) {
        List<Map<String, Object>> page = new ArrayList<>();
        int characters = 0;
        for (T each : all) {
            Map<String, Object> one = map.apply(each);
            characters += one.toString().length();
            if (!page.isEmpty() && characters > MOST_CHARACTERS) {
                break;
            }
            page.add(one);
        }
        return page;
    }
}
