package com.espra.protoplex.proxy.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.live.LiveRefusedException;
import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.test.support.Await;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.After;
import org.junit.Test;

/** What becomes of the messages of answers: each is handed to Live, or counted as what it is. */
public class LiveMessagesTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Target NODE = new Target(URI.create("http://b:8050"), "b");
    private static final Target SERVER = Target.foreign(URI.create("http://server:80"));

    private final List<String> counted = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final LiveMessages messages =
            new LiveMessages(Set.of(SERVER.address()), (_, labels) -> counted.add(labels[0]));

    @After
    public void close() {
        messages.close();
    }

    private final class Hearing implements Live {

        @Override
        public CompletionStage<String> publish(LiveUpdate update) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<String> message(String host, String json) {
            heard.add(host + " " + json);
            return switch (json) {
                case "bad" -> CompletableFuture.failedFuture(new LiveRefusedException("no", true));
                case "broken" -> throw new IllegalStateException("it has gone");
                default -> CompletableFuture.completedStage("1:1");
            };
        }
    }

    private void say(String text) {
        messages.taken(NODE, "shop", text.getBytes(StandardCharsets.UTF_8));
    }

    private void counts(String... results) {
        Await.until("it is counted", SOON, () -> counted.equals(List.of(results)));
    }

    @Test
    public void eachIsHandedOnInItsOrderOrCounted() {
        say("nobody is there");
        counts("lost");
        messages.bind(new Hearing());
        say("grüße");
        say("bad");
        say("broken");
        messages.taken(NODE, "shop", new byte[] {(byte) 0xff, (byte) 0xfe});
        say("last");
        counts("lost", "handed", "refused", "lost", "refused", "handed");
        assertEquals(List.of("shop grüße", "shop bad", "shop broken", "shop last"), heard);
    }

    @Test
    public void whoWaitsForLiveHoldsUpNobodyAndIsBounded() throws Exception {
        CountDownLatch swap = new CountDownLatch(1);
        messages.bind(new Live() {
            @Override
            public CompletionStage<String> publish(LiveUpdate update) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CompletionStage<String> message(String host, String json) {
                try {
                    swap.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return CompletableFuture.completedStage("1:1");
            }
        });
        for (int i = 0; i < 1500; i++) {
            say("one");
        }
        long lost = counted.stream().filter("lost"::equals).count();
        assertTrue(lost + " lost", lost == 499 || lost == 500);
        swap.countDown();
        Await.until("the others are handed on", SOON, () -> counted.size() == 1500);
        assertEquals(1500 - lost, counted.stream().filter("handed"::equals).count());
    }

    @Test
    public void theNextWaitsForTheAnswerOfTheOneBeforeAndBytesAreBounded() {
        CompletableFuture<String> first = new CompletableFuture<>();
        messages.bind(new Live() {
            @Override
            public CompletionStage<String> publish(LiveUpdate update) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CompletionStage<String> message(String host, String json) {
                heard.add(json.substring(0, 1));
                return first;
            }
        });
        String large = "m".repeat(16_384);
        for (int i = 0; i < 300; i++) {
            say(large);
        }
        assertEquals(44, counted.size());
        assertTrue(heard.toString(), heard.size() <= 1);
        first.complete("1:1");
        Await.until("the others are handed on", SOON, () -> counted.size() == 300);
        assertEquals(256, counted.stream().filter("handed"::equals).count());
        say(large);
        Await.until("there is room again", SOON, () -> heard.size() == 257);
    }

    @Test
    public void whatIsUnderWayWhenAVersionGoesIsHandedOn() {
        Hearing live = new Hearing();
        messages.bind(live);
        say("one");
        say("two");
        messages.close();
        messages.unbind(live);
        counts("handed", "handed");
        say("later");
        counts("handed", "handed", "lost");
    }

    @Test
    public void onlyNodesAndServersThatAreNamedMaySaySomething() {
        assertTrue(messages.isTakenFrom(NODE));
        assertTrue(messages.isTakenFrom(SERVER));
        assertFalse(messages.isTakenFrom(Target.foreign(URI.create("http://server:81"))));
    }
}
