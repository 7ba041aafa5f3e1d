package com.espra.protoplex.child;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.control.SwapMaps;
import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.Test;

public class EventUplinkTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<SwapEvent> heard = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Map<String, Object>>> answers = new CopyOnWriteArrayList<>();

    private static SwapEvent event(int number) {
        return new SwapEvent(
                Instant.EPOCH, "hello", "1." + number, "", Step.FLIP, SwapEvent.State.DONE, "", Duration.ZERO);
    }

    private static List<SwapEvent> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(EventUplinkTest::event).toList();
    }

    private Peer slow() {
        return (topic, body) -> {
            CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
            heard.add(SwapMaps.event(body));
            answers.add(answer);
            return answer;
        };
    }

    @Test
    public void oneIsToldAfterTheOther() throws Exception {
        EventUplink uplink = new EventUplink(slow());
        events(0, 2).forEach(uplink::swapped);
        CompletableFuture<Void> told = uplink.told();

        Await.until("the first is told", SOON, () -> answers.size() == 1);
        assertFalse(told.isDone());
        answers.get(0).complete(Map.of());
        Await.until("the second is told", SOON, () -> answers.size() == 2);
        assertFalse(told.isDone());
        answers.get(1).complete(Map.of());

        told.get(10, TimeUnit.SECONDS);
        assertEquals(events(0, 2), heard);
    }

    @Test
    public void whatTheParentRefusesHoldsNothingUp() throws Exception {
        Peer deaf = (topic, body) -> {
            heard.add(SwapMaps.event(body));
            return CompletableFuture.failedFuture(new IOException("gone"));
        };
        EventUplink uplink = new EventUplink(deaf);

        events(0, 5).forEach(uplink::swapped);

        uplink.told().get(10, TimeUnit.SECONDS);
        assertEquals(events(0, 5), heard);
    }

    @Test
    public void aParentThatDoesNotKeepUpMissesWhatComesLast() throws Exception {
        EventUplink uplink = new EventUplink(slow());
        events(0, 2000).forEach(uplink::swapped);
        CompletableFuture<Void> told = uplink.told();

        for (int next = 0; !told.isDone(); ) {
            if (next < answers.size()) {
                answers.get(next++).complete(Map.of());
            } else {
                Thread.onSpinWait();
            }
        }
        assertEquals(events(0, 1024), heard);

        uplink.swapped(event(3000));
        Await.until("there is room again", SOON, () -> heard.size() == 1025);
    }

    @Test
    public void whatIsClosedTellsNothing() {
        EventUplink uplink = new EventUplink(slow());
        uplink.close();

        new ArrayList<>(events(0, 3)).forEach(uplink::swapped);

        assertTrue(uplink.told().isDone());
        assertEquals(List.of(), heard);
    }
}
