package com.espra.protoplex.child;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.control.SwapMaps;
import com.espra.protoplex.control.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.Test;

public class SwapTopicsTest {

    private static final Release RELEASE =
            new Release("hello", "1.0.0", "abc", List.of(), Map.of(), Duration.ofSeconds(5), Duration.ofSeconds(5));

    private final CompletableFuture<Map<String, Object>> heard = new CompletableFuture<>();
    private final EventUplink events = new EventUplink((topic, body) -> heard);
    private final FakeEngine engine = new FakeEngine();
    private final SwapTopics topics = new SwapTopics(engine, events);

    private final class FakeEngine implements SwapEngine {

        private List<UnitStatus> units = List.of(unit("hello", ""), unit("other", ""));
        private List<SwapRecord> history = List.of();

        @Override
        public CompletableFuture<Outcome> swap(Release release) {
            events.swapped(new SwapEvent(
                    Instant.EPOCH,
                    release.unit(),
                    release.version(),
                    "",
                    Step.FLIP,
                    SwapEvent.State.DONE,
                    "",
                    Duration.ZERO));
            return CompletableFuture.completedFuture(new Outcome(true, Step.FLIP, "", Duration.ofMillis(3)));
        }

        @Override
        public CompletableFuture<String> check(Release release) {
            return CompletableFuture.completedFuture(release.unit() + " needs a package");
        }

        @Override
        public CompletableFuture<Outcome> remove(String unit) {
            return CompletableFuture.completedFuture(new Outcome(false, Step.REMOVE, unit + " hangs", Duration.ZERO));
        }

        @Override
        public List<UnitStatus> units() {
            return units;
        }

        @Override
        public List<SwapRecord> history() {
            return history;
        }

        @Override
        public void tell(SwapEvent event) {
            throw new AssertionError("nobody tells a child");
        }
    }

    private static SwapEngine.UnitStatus unit(String name, String route) {
        return new SwapEngine.UnitStatus(
                name,
                name + "-1",
                List.of(new SwapEngine.GenerationStatus(
                        name + "-1",
                        "1.0.0",
                        "abc",
                        SwapEngine.Phase.LIVE,
                        Instant.EPOCH,
                        0,
                        0,
                        List.of(route),
                        List.of())));
    }

    @Test
    public void aSwapIsAnsweredWhenTheParentHasHeardOfItsSteps() throws Exception {
        CompletableFuture<Map<String, Object>> answer =
                topics.swap(SwapMaps.map(RELEASE)).toCompletableFuture();
        assertFalse(answer.isDone());

        heard.complete(Map.of());

        Map<String, Object> given = answer.get(10, TimeUnit.SECONDS);
        assertTrue(SwapMaps.outcome(given).done());
        assertEquals("only the unit's state", List.of(engine.units().get(0)), SwapMaps.units(given));
    }

    @Test
    public void whatIsMissingIsToldAndNothingIsInstalled() throws Exception {
        Map<String, Object> given =
                topics.check(SwapMaps.map(RELEASE)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(Map.of(Topics.MISSING, "hello needs a package"), given);
        assertFalse("no event of a swap was told", heard.isDone());
    }

    @Test
    public void aRemovalIsAnsweredWithItsReason() throws Exception {
        Map<String, Object> given =
                topics.remove(Map.of("unit", "hello")).toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertEquals("hello hangs", SwapMaps.outcome(given).reason());
        assertThrows(IllegalArgumentException.class, () -> topics.remove(Map.of()));
    }

    @Test
    public void unitsComeInPagesThatFit() throws Exception {
        String longRoute = "/" + "a".repeat(50_000);
        List<SwapEngine.UnitStatus> all = IntStream.range(0, 23)
                .mapToObj(i -> unit("unit-%02d".formatted(i), longRoute))
                .toList();
        List<SwapEngine.UnitStatus> shuffled = new ArrayList<>(all);
        Collections.reverse(shuffled);
        engine.units = shuffled;
        List<SwapEngine.UnitStatus> read = new ArrayList<>();
        Map<String, Object> body = Map.of();
        int pages = 0;
        for (boolean more = true; more; pages++) {
            Map<String, Object> page = topics.units(body).toCompletableFuture().get();
            assertTrue(page.toString().length() < 1 << 20);
            read.addAll(SwapMaps.units(page));
            more = Boolean.TRUE.equals(page.get(Topics.MORE));
            body = Map.of(Topics.AFTER, read.getLast().unit());
        }

        assertEquals(all, read);
        assertTrue(pages + " pages", pages > 1);
    }

    @Test
    public void aHistoryThatIsTooLongIsCut() throws Exception {
        SwapEngine.Outcome outcome = new SwapEngine.Outcome(false, Step.START, "x".repeat(10_000), Duration.ZERO);
        engine.history = IntStream.range(0, 256)
                .mapToObj(i -> new SwapEngine.SwapRecord(Instant.EPOCH, "hello", "", "1." + i, outcome, List.of()))
                .toList();

        Map<String, Object> answer =
                topics.history(Map.of()).toCompletableFuture().get();

        List<SwapEngine.SwapRecord> told = SwapMaps.history(answer);
        assertEquals(engine.history.subList(0, told.size()), told);
        assertTrue(told.size() > 10);
        assertTrue(answer.toString().length() < 1 << 20);
    }
}
