package com.espra.protoplex.agent.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class OutboxTest {

    private static final LinkFrame.Actual ACTUAL = new LinkFrame.Actual(1, List.of());

    private final Outbox outbox = new Outbox(3, Duration.ofDays(1), () -> ACTUAL, Optional::empty);

    private static LinkFrame.Event event(int number) {
        return new LinkFrame.Event("hello", "1", "START", "BEGUN", "" + number, 0);
    }

    private static LinkFrame.Result result(long sequence, String unit) {
        return new LinkFrame.Result(sequence, unit, "d", true, "", 0);
    }

    private List<LinkFrame> drain() throws InterruptedException {
        List<LinkFrame> frames = new ArrayList<>();
        for (Optional<LinkFrame> next = outbox.next(Duration.ZERO);
                next.isPresent();
                next = outbox.next(Duration.ZERO)) {
            frames.add(next.get());
        }
        return frames;
    }

    @Test
    public void eventsAreDroppedWhenThereAreTooManyAndResultsNever() throws Exception {
        for (int i = 0; i < 5; i++) {
            outbox.event(event(i));
            outbox.result(result(i, "unit-" + i));
        }

        List<LinkFrame> frames = drain();

        assertEquals(List.of(event(0), event(1), event(2)), frames.subList(0, 3));
        assertEquals(
                5, frames.stream().filter(LinkFrame.Result.class::isInstance).count());
        assertEquals(2, outbox.dropped());
    }

    @Test
    public void anAnswerWaitsForNobodyAndHasABound() throws Exception {
        outbox.event(event(0));
        outbox.answer(LinkFrame.Answer.failed("1", "no"));

        assertEquals("the event still waits for its moment", List.of(LinkFrame.Answer.failed("1", "no")), drain());

        for (int i = 0; i < 100; i++) {
            outbox.answer(LinkFrame.Answer.failed("2", "no"));
        }
        assertEquals(8, drain().size());
        outbox.answer(LinkFrame.Answer.failed("3", "no"));
        outbox.restart(List.of());
        assertEquals("nobody waits for it on a new link", List.of(event(0), ACTUAL), drain());
    }

    @Test
    public void allWaitsForTheResultThatItLeadsTo() throws Exception {
        outbox.event(event(0));
        outbox.actualIsDue();

        assertEquals(List.of(), drain());

        outbox.event(event(1));
        outbox.result(result(1, "hello"));

        assertEquals(List.of(event(0), event(1), ACTUAL, result(1, "hello")), drain());
    }

    @Test
    public void noneWaitsLongerThanAMoment() throws Exception {
        Outbox soon = new Outbox(3, Duration.ofMillis(1), () -> ACTUAL, Optional::empty);
        soon.event(event(0));
        soon.event(event(1));
        soon.actualIsDue();

        assertEquals(Optional.of(event(0)), soon.next(Duration.ofDays(1)));
        assertEquals(Optional.of(event(1)), soon.next(Duration.ofDays(1)));
        assertEquals(Optional.of(ACTUAL), soon.next(Duration.ofDays(1)));
    }

    @Test
    public void aNewConnectionHearsAtOnce() throws Exception {
        outbox.actualIsDue();
        outbox.restart(List.of());

        assertEquals(List.of(ACTUAL), drain());
    }

    @Test
    public void theNewestResultOfAUnitIsKept() throws Exception {
        outbox.result(result(1, "hello"));
        outbox.result(result(2, "hello"));
        outbox.actualIsDue();
        outbox.actualIsDue();

        assertEquals(List.of(ACTUAL, result(2, "hello")), drain());
    }

    @Test
    public void whoWaitsIsWoken() throws Exception {
        outbox.wake();

        assertTrue(outbox.next(Duration.ofDays(1)).isEmpty());
    }
}
