package com.espra.protoplex.parent;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.UnitTraffic;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

/** What several processes count is a node's. */
public class TrafficTotalsTest {

    private final TrafficTotals<String> totals = new TrafficTotals<>();

    private static UnitTraffic shop(long good, long bad) {
        return new UnitTraffic("shop", List.of(0L, 0L, good, 0L, 0L, bad), List.of(good, bad), good);
    }

    private void tells(String child, UnitTraffic... traffic) {
        totals.heard(child, totals.asked(child), List.of(traffic));
    }

    @Test
    public void childrenCountTogether() {
        tells("one", shop(10, 1));
        tells("two", shop(5, 0));
        assertEquals(List.of(shop(15, 1)), totals.traffic());
        tells("one", shop(12, 2));
        tells("one", shop(12, 2));
        assertEquals(List.of(shop(17, 2)), totals.traffic());
    }

    @Test
    public void whoEndsTakesNothingBackAndItsSuccessorBeginsAnew() {
        tells("one", shop(10, 1));
        totals.retain(List.of());
        tells("another", shop(3, 0));
        assertEquals(List.of(shop(13, 1)), totals.traffic());
    }

    @Test
    public void whatAChildThatHasEndedSaysTooLateIsNotCountedTwice() {
        tells("one", shop(10, 0));
        long number = totals.asked("one");
        totals.retain(List.of());
        totals.heard("one", number, List.of(shop(11, 0)));
        assertEquals(List.of(shop(10, 0)), totals.traffic());
    }

    @Test
    public void anAnswerThatWasOvertakenSaysNothing() {
        long first = totals.asked("one");
        tells("one", shop(10, 0));
        totals.heard("one", first, List.of(shop(8, 0)));
        tells("one", shop(11, 0));
        assertEquals(List.of(shop(11, 0)), totals.traffic());
    }

    @Test
    public void metersThatBeganAnewAreNoNegativeNumbers() {
        tells("one", shop(10, 0));
        tells("one", shop(2, 0));
        assertEquals(List.of(shop(12, 0)), totals.traffic());
    }

    @Test
    public void unitsThatNoChildHasAreForgottenWhenTheyAreMany() {
        for (int i = 0; i < 10; i++) {
            String round = "unit-" + i + "-";
            tells(
                    "one",
                    IntStream.range(0, 200)
                            .mapToObj(each -> new UnitTraffic(round + each, List.of(1L), List.of(1L), 1))
                            .toArray(UnitTraffic[]::new));
        }
        assertTrue(totals.traffic().size() <= 512);
        assertTrue(totals.traffic().stream().anyMatch(each -> each.unit().equals("unit-9-7")));
    }
}
