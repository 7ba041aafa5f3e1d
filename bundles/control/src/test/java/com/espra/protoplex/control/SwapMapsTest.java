package com.espra.protoplex.control;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.SwapRecord;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** What is made a map and read again is what it was; only what Control carries is in between. */
public class SwapMapsTest {

    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.123456789Z");

    private static final SwapEvent EVENT = new SwapEvent(
            TIME, "hello", "1.0.1", "hello-2", Step.READY, SwapEvent.State.FAILED, "no", Duration.ofNanos(1_234_000));

    private static Release release(Map<String, Map<String, Object>> configurations) {
        return new Release(
                "hello",
                "1.0.1",
                "abc",
                List.of(new Release.BundleFile("hello.jar", Path.of("/store/abc"))),
                configurations,
                Duration.ofSeconds(60),
                Duration.ofMillis(1500),
                Set.of("com.example.Later"),
                true,
                false,
                Release.Kind.ROLE,
                true,
                Set.of("java.util.function.Supplier"));
    }

    /** Fails at anything that the host cannot write as JSON and read again as the same. */
    private static void requireCarried(Object value) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((key, member) -> {
                    assertTrue(String.valueOf(key), key instanceof String);
                    requireCarried(member);
                });
            case List<?> list -> list.forEach(SwapMapsTest::requireCarried);
            case String _ -> {}
            case Boolean _ -> {}
            case Long _ -> {}
            case Double _ -> {}
            default -> throw new AssertionError(value.getClass() + " " + value);
        }
    }

    @Test
    public void aRelease() {
        Release release = release(Map.of("com.example", Map.of("text", "a", "yes", true)));

        Map<String, Object> map = SwapMaps.map(release);

        requireCarried(map);
        assertEquals(release, SwapMaps.release(map));
    }

    /** An old parent tells new children of releases, in an upgrade of the children alone. */
    @Test
    public void aReleaseWithoutAPlacementHasTheStandard() {
        Map<String, Object> map = new HashMap<>(SwapMaps.map(release(Map.of())));
        map.remove("placement");

        assertEquals(Release.Placement.ONE, SwapMaps.release(map).placement());

        map.put("takeOver", false);
        assertEquals(Release.Placement.EACH, SwapMaps.release(map).placement());
    }

    @Test
    public void configurationsKeepTheTypesOfTheirValues() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("int", 5);
        properties.put("long", 5L);
        properties.put("double", 0.5);
        properties.put("float", 0.5f);
        properties.put("short", (short) 5);
        properties.put("byte", (byte) 5);
        properties.put("char", 'c');
        properties.put("big", new BigInteger("12345678901234567890"));
        properties.put("list", List.of(1, "two", 3L));
        properties.put("map", Map.of("type", "a name that the codec uses, too"));

        Map<String, Object> map = SwapMaps.map(release(Map.of("com.example", properties)));

        requireCarried(map);
        assertEquals(properties, SwapMaps.release(map).configurations().get("com.example"));
    }

    @Test
    public void arraysStayArrays() {
        Map<String, Object> properties =
                Map.of("texts", new String[] {"a", "b"}, "ints", new int[] {1, 2}, "Integers", new Integer[] {3});

        Map<String, Object> map = SwapMaps.map(release(Map.of("com.example", properties)));

        requireCarried(map);
        Map<String, Object> read = SwapMaps.release(map).configurations().get("com.example");
        assertArrayEquals(new String[] {"a", "b"}, (String[]) read.get("texts"));
        assertArrayEquals(new int[] {1, 2}, (int[]) read.get("ints"));
        assertArrayEquals(new Integer[] {3}, (Integer[]) read.get("Integers"));
    }

    @Test
    public void aValueThatNoConfigurationMayHaveIsNamed() {
        Release release = release(Map.of("com.example", Map.of("at", TIME)));

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> SwapMaps.map(release));

        assertTrue(refused.getMessage(), refused.getMessage().contains("Instant"));
    }

    @Test
    public void anOutcome() {
        Outcome outcome = new Outcome(false, Step.START, "it throws", Duration.ofNanos(25_000));

        requireCarried(SwapMaps.map(outcome));
        assertEquals(outcome, SwapMaps.outcome(SwapMaps.map(outcome)));
    }

    @Test
    public void anEvent() {
        requireCarried(SwapMaps.map(EVENT));
        assertEquals(EVENT, SwapMaps.event(SwapMaps.map(EVENT)));
    }

    @Test
    public void units() {
        UnitStatus unit = new UnitStatus(
                "hello",
                "hello-2",
                List.of(new GenerationStatus(
                        "hello-2",
                        "1.0.1",
                        "abc",
                        Phase.LIVE,
                        TIME,
                        3,
                        1L << 40,
                        List.of("/hello"),
                        List.of("hello 1.0.1"))));
        Map<String, Object> answer = Map.of(Topics.UNITS, List.of(SwapMaps.map(unit)));

        requireCarried(answer);
        assertEquals(List.of(unit), SwapMaps.units(answer));
    }

    @Test
    public void history() {
        SwapRecord swap = new SwapRecord(
                TIME, "hello", "", "1.0.1", new Outcome(true, Step.FLIP, "", Duration.ofMillis(3)), List.of(EVENT));
        Map<String, Object> answer = Map.of(Topics.HISTORY, List.of(SwapMaps.map(swap)));

        requireCarried(answer);
        assertEquals(List.of(swap), SwapMaps.history(answer));
    }

    @Test
    public void whatIsNotAsItShouldBeIsNamed() {
        Map<String, Object> outcome = new HashMap<>(SwapMaps.map(new Outcome(true, Step.FLIP, "", Duration.ZERO)));

        outcome.put("failedAt", "LUNCH");
        assertTrue(refusal(outcome).contains("'failedAt' is no Step: LUNCH"));
        outcome.remove("done");
        assertTrue(refusal(outcome).contains("'done' must be true or false"));
    }

    private static String refusal(Map<String, Object> outcome) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> SwapMaps.outcome(outcome))
                .getMessage());
    }
}
