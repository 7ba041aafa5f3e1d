package com.espra.protoplex.agent.traffic;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Whose requests are whose. */
public class TrafficWatchTest {

    private final Map<String, String> live = new HashMap<>(Map.of("shop", "v1"));
    private long seconds;
    private long good;
    private long bad;
    private List<String> units = List.of("shop");

    private final TrafficWatch watch =
            new TrafficWatch(this::meters, () -> Map.copyOf(live), () -> TimeUnit.SECONDS.toNanos(seconds));

    private List<UnitTraffic> meters() {
        List<Long> times = new ArrayList<>(Collections.nCopies(UnitTraffic.BOUNDS_SECONDS.size() + 1, 0L));
        times.set(3, good + bad);
        return units.stream()
                .map(unit -> new UnitTraffic(unit, List.of(0L, 0L, good, 0L, 0L, bad), times, 0))
                .toList();
    }

    private void pass(int howMany, long goodOnes, long badOnes) {
        for (int i = 0; i < howMany; i++) {
            seconds++;
            good += goodOnes;
            bad += badOnes;
            watch.look();
        }
    }

    private LinkFrame.Traffic shop() {
        return watch.report().getFirst();
    }

    @Test
    public void theBuildBeforeIsKeptApart() {
        watch.look();
        pass(60, 10, 0);
        assertEquals(600, shop().now().count());
        assertEquals(LinkFrame.Requests.NONE, shop().before());
        live.put("shop", "v2");
        watch.look();
        pass(30, 8, 2);
        assertEquals("v2", shop().digest());
        assertEquals(300, shop().now().count());
        assertEquals(60, shop().now().failed());
        assertEquals(30, shop().now().seconds());
        assertEquals(600, shop().before().count());
        assertEquals(0, shop().before().failed());
        assertEquals(60, shop().before().seconds());
        assertEquals(List.of(600L), shop().before().bySeconds().subList(3, 4));
    }

    @Test
    public void whatWasAskedBeforeTheFirstLookCounts() {
        good = 40;
        watch.look();
        live.put("shop", "v2");
        watch.look();
        assertEquals(40, shop().before().count());
    }

    @Test
    public void onlyTheLastMinutesOfItCount() {
        watch.look();
        pass(3600, 10, 0);
        live.put("shop", "v2");
        watch.look();
        long remembered = shop().before().seconds();
        assertTrue(remembered + " s", remembered >= 290 && remembered <= 310);
        assertEquals(remembered * 10, shop().before().count());
    }

    @Test
    public void metersThatBeganAnewAreNoNegativeNumbers() {
        watch.look();
        pass(10, 10, 0);
        live.put("shop", "v2");
        watch.look();
        good = 3;
        pass(1, 0, 0);
        assertEquals(3, shop().now().count());
    }

    @Test
    public void whatServesNothingIsNotToldAndItIsNewsWhenSomebodyAsked() {
        live.clear();
        pass(10, 1, 0);
        assertEquals(List.of(), watch.report());
        assertFalse(watch.isNews());
        live.put("shop", "v1");
        assertTrue(watch.isNews());
        assertEquals("v1", shop().digest());
        assertFalse(watch.isNews());
        pass(1, 1, 0);
        assertTrue(watch.isNews());
    }

    @Test
    public void noMoreThanThereMayBe() {
        units = java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> "unit-" + i)
                .toList();
        units.forEach(unit -> live.put(unit, "v1"));
        pass(1, 1, 0);
        assertEquals(LinkFrame.Traffic.MOST, watch.report().size());
    }
}
