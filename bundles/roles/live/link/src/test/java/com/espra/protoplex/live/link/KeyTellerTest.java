package com.espra.protoplex.live.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.live.KeyListener;
import com.espra.protoplex.test.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;

/** What one who hears of keys is told, whatever it does with it. */
public class KeyTellerTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<KeyTeller> tellers = new ArrayList<>();

    /** Fails as often as it is to, and waits where it is to. */
    private final class Hearing implements KeyListener {

        private final CountDownLatch waits;
        private final AtomicInteger failures = new AtomicInteger();
        private volatile boolean failsAtAll;

        Hearing(CountDownLatch waits) {
            this.waits = waits;
        }

        @Override
        public void changed(Set<String> keys) throws Exception {
            waits.await();
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("as told");
            }
            told.add(new TreeSet<>(keys).toString());
        }

        @Override
        public void everythingMayHaveChanged() throws Exception {
            if (failsAtAll) {
                throw new IllegalStateException("as told");
            }
            told.add("all");
        }
    }

    @After
    public void stop() {
        tellers.forEach(KeyTeller::stop);
    }

    private KeyTeller teller(KeyListener listener) {
        KeyTeller teller = new KeyTeller(listener, List.of("file:"));
        tellers.add(teller);
        teller.start();
        return teller;
    }

    private KeyTeller caughtUp(Hearing listener) {
        int before = told.size();
        KeyTeller teller = teller(listener);
        Await.until("it is told to drop all", SOON, () -> told.size() > before);
        return teller;
    }

    private void hears(String... all) {
        Await.until("it hears", SOON, () -> told.equals(List.of(all)));
    }

    @Test
    public void whoFailsIsToldAgainAndAtLastToDropAll() {
        Hearing listener = new Hearing(new CountDownLatch(0));
        KeyTeller teller = caughtUp(listener);
        listener.failures.set(2);
        teller.tell(Set.of("file:a", "other:b"));
        hears("all", "[file:a]");
        listener.failures.set(3);
        teller.tell(Set.of("file:b"));
        hears("all", "[file:a]", "all");
        teller.tell(Set.of("file:c"));
        hears("all", "[file:a]", "all", "[file:c]");
    }

    @Test
    public void whoCannotDropAllIsToldUntilItCan() {
        Hearing listener = new Hearing(new CountDownLatch(0));
        listener.failsAtAll = true;
        KeyTeller teller = teller(listener);
        teller.tell(Set.of("file:a"));
        listener.failsAtAll = false;
        Await.until("it drops all", SOON, () -> told.contains("all"));
    }

    @Test
    public void whoWaitsHoldsUpNobodyAndHasABoundedQueue() {
        CountDownLatch waits = new CountDownLatch(1);
        KeyTeller slow = caughtUp(new Hearing(waits));
        KeyTeller other = caughtUp(new Hearing(new CountDownLatch(0)));
        slow.tell(Set.of("file:first"));
        other.tell(Set.of("file:b"));
        hears("all", "all", "[file:b]");
        for (int i = 0; i <= KeyTeller.MOST_WAITING + 10; i++) {
            slow.tell(Set.of("file:" + i));
        }
        waits.countDown();
        Await.until("it is told to drop all", SOON, () -> told.getLast().equals("all"));
        assertTrue(told.toString(), told.size() <= 5);
        assertEquals("[file:b]", told.get(2));
    }
}
